#!/usr/bin/env bash
# kill -9 of replicas while they deliver; each is replaced at once.
#   tests/faults/kill-worker.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" kill-worker "$@"
