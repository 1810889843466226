#!/usr/bin/env bash
# The workers' clock jumps two hours ahead and two hours back. Needs Debian's package faketime.
#   tests/faults/clock-jumps.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" clock-jumps "$@"
