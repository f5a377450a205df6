#!/bin/sh
# What BUILD.bazel runs: one shard, whose log lands among the test's outputs. That it looked at its number is told by TEST_SHARD_STATUS_FILE.
exec "${ARCWIRE:-arcwire}" run --peer "${PEER:-tests/peer.json}" --shard auto --out "$TEST_UNDECLARED_OUTPUTS_DIR" "$@"
