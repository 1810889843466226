#!/bin/sh
# Writes .env: the settings of .env.example, with fresh passwords. An .env that is there already is left alone.
set -eu
cd "$(dirname "$0")/.."
if [ -e .env ]; then
  echo ".env is there already: it holds the passwords of your database, so it is left as it is" >&2
  exit 1
fi
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
umask 077
{
  grep -v '^#[A-Z_]*PASSWORD=$' .env.example
  echo "POSTGRES_PASSWORD=$(password)"
  echo "MILESTONEWATCH_PASSWORD=$(password)"
} >.env.new
mv .env.new .env
echo "wrote .env; now: docker compose up -d"
