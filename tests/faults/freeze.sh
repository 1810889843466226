#!/usr/bin/env bash
# kill -STOP of two of the replicas, for 30 and 90 s, then CONT, while digests are written and delivered; others take over meanwhile.
#   tests/faults/freeze.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" freeze "$@"
