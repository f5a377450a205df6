#!/bin/sh
# A job array: sbatch --wait --array=1-3 slurm-array.sh OUT OPTION...
# The array's number gives all tasks the same seed. Then: arcwire merge report OUT/*
#SBATCH --output=/dev/null
out=$1
shift
exec "${ARCWIRE:-arcwire}" run --shard auto --out "$out/shard-$SLURM_ARRAY_TASK_ID" --quiet "$@"
