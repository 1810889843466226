#!/usr/bin/env bash
# A relay that answers 4xx and 5xx at RCPT, DATA and the final dot.
#   tests/faults/smtp-refuses.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" smtp-refuses "$@"
