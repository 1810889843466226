#!/usr/bin/env bash
# Every replica's digest pass and pump at the same moment, over 1,000 due readers.
#   tests/faults/race.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" race "$@"
