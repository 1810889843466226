#!/usr/bin/env bash
# A network that delays and cuts, before PostgreSQL and before the relay.
#   tests/faults/network.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
exec "$(dirname "$0")/run" network "$@"
