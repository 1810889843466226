#!/usr/bin/env bash
# A full disk under PostgreSQL's data, then one under its WAL, and room again. Needs root, for a tmpfs.
#   tests/faults/full-disk.sh [--seed N] [--mails N] [--kills N] [--replicas N] [--short] [--keep DIR]
set -euo pipefail
"$(dirname "$0")/run" full-disk "$@"
MW_FAULTS_BUILT=yes exec "$(dirname "$0")/run" full-wal "$@"
