#!/bin/sh
# With GNU parallel, on one machine or on many: parallel.sh SHARDS OUT OPTION...
set -u
shards=$1 out=$2
shift 2
seq "$shards" | parallel --will-cite --quote "${ARCWIRE:-arcwire}" run --shard "{}/$shards" --out "$out/shard-{}" --quiet "$@" >"$out.txt" 2>&1
"${ARCWIRE:-arcwire}" merge "$out/whole" "$out"/shard-*
