#!/usr/bin/env bash
# kill -9 of the postmaster while mails are written and delivered; it is started again.
#   tests/faults/kill-postmaster.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" kill-postmaster "$@"
