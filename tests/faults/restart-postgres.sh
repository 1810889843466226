#!/usr/bin/env bash
# PostgreSQL stopped, fast and immediate in turns, while mails are written and delivered, and started again.
#   tests/faults/restart-postgres.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" restart-postgres "$@"
