#!/usr/bin/env bash
# A relay that hangs up at RCPT, within the content, and after the final dot, with and without having taken the mail.
#   tests/faults/smtp-drops.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" smtp-drops "$@"
