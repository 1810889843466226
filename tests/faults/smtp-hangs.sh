#!/usr/bin/env bash
# A relay that is silent for long at RCPT and after the final dot.
#   tests/faults/smtp-hangs.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" smtp-hangs "$@"
