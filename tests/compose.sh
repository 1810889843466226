#!/usr/bin/env bash
# Builds the image and runs docker-compose.yml for real, as a project of its own: import, alert, three replicas, kill -9, down and up.
# Needs a Docker engine with compose (either kind), and curl. Prints a line a check, and `N passed, N failed` last.
#   tests/compose.sh [-f OVERRIDE.yml]     such as -f deploy/compose.host-network.yml, for the build
set -euo pipefail
cd "$(dirname "$0")/.."

override=()
[[ ${1:-} == -f ]] && override=(-f "$2")
if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi

work=$(mktemp -d)
env=$work/env
mail=http://127.0.0.1:18025
export COMPOSE_PROJECT_NAME=mwtest$$
passed=0 failed=0

c() { "${compose[@]}" --env-file "$env" -f docker-compose.yml "$@"; }
mw() { c exec -T milestonewatch mw "$@"; }
psql() { c exec -T db psql -U milestonewatch -Atq -c "$1"; }

finish() {
  local code=$?
  trap - EXIT
  if ((code != 0 && failed == 0)); then
    echo "FAIL a step broke off (exit $code)"
    failed=1
  fi
  ((failed == 0)) || c logs --no-color --tail=50 || true
  c down -v --remove-orphans >/dev/null 2>&1 || true
  rm -rf "$work"
  echo "$passed passed, $failed failed"
  exit $((failed > 0))
}
trap finish EXIT

check() { # SENTENCE COMMAND...: passes if the command does
  local sentence=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    passed=$((passed + 1))
    echo "ok   $sentence"
  else
    failed=$((failed + 1))
    echo "FAIL $sentence"
    sed 's/^/     /' "$work/said"
  fi
}
not() { ! "$@"; }
within() { # SECONDS COMMAND...: tried until it succeeds
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < until)) || return 1
    sleep 0.5
  done
}
equal() { [[ $1 == "$2" ]] || { echo "expected $2, found $1"; return 1; }; }
subjects() { curl -sf "$mail/api/v1/messages" | grep -o '"Subject": *"[^"]*"' || true; }
mails() { # N: exactly so many are at the catcher
  equal "$(subjects | grep -c .)" "$1"
}
told() { subjects | grep -F "$1"; }
log() { c logs --no-color milestonewatch; }
logged() { log | grep -F "$1"; }
imports() { equal "$(log | grep -c 'Imported .* into the empty database')" "$1"; }
leased() { [[ $(psql "select count(*) from deliveries where state in ('leased', 'sending')") == 1 ]]; }
rescued() { [[ $(psql "select count(*) from deliveries where state in ('leased', 'sending')") == 0 ]]; }
replicas() { c ps -q milestonewatch; }
healthy() {
  local id
  for id in $(replicas); do [[ $(docker inspect -f '{{.State.Health.Status}}' "$id") == healthy ]] || return 1; done
}
pages() { # every replica answers at the port published for it
  local id port
  for id in $(replicas); do
    port=$(docker inspect -f '{{(index (index .NetworkSettings.Ports "8080/tcp") 0).HostPort}}' "$id")
    curl -sf -m 10 "http://127.0.0.1:$port/health/live" || return 1
  done
}

: >"$env"
if c config >"$work/config" 2>&1; then echo "the settings passed though there were none" >>"$work/config"; fi
check "without passwords it stops and names the fix" grep -q 'deploy/env.sh' "$work/config"
{
  cat .env.example
  echo "PAGE_PORTS=127.0.0.1:15080-15085"
  echo "MAIL_PORT=127.0.0.1:18025"
  echo "POSTGRES_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  echo "MILESTONEWATCH_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
} >"$env"

c "${override[@]}" build >"$work/build" 2>&1 || { cat "$work/build"; exit 1; }
c up -d --scale milestonewatch=3 >"$work/up" 2>&1 || { cat "$work/up"; exit 1; }
check "three replicas serve, each at a port of its own" within 60 pages
check "three replicas and an empty database import the watchlist once" imports 1
check "the health check finds every replica healthy" within 90 healthy
check "the log names the page and the mail catcher" logged "The page: http://127.0.0.1:5080 - the mail catcher: http://127.0.0.1:8025"
check "the log names the line to try" logged "mw subscriber add you@example.org --cadence immediate --confirmed"
check "the service runs as an ordinary user" equal "$(c exec -T milestonewatch id -u)" 1654
check "the service does not know the owner's password" not c exec -T milestonewatch sh -c 'env | grep -q Migrations'

mw subscriber add you@example.org --cadence immediate --confirmed
check "the new reader is told how it stands" within 30 told "Welcome"
mw reschedule les-ulis-opening "Q4 2027"
check "a moved date is mailed within seconds" within 30 told "to Q4 2027"
sleep 5
check "three replicas mail each once" mails 2

# a catcher that accepts the connection and then says nothing holds the delivery where a kill hurts
docker pause "$(c ps -q mail)" >/dev/null
mw reschedule les-ulis-opening "Q1 2028"
check "a replica takes the delivery" within 30 leased
holder=$(psql "select worker from deliveries where state in ('leased', 'sending')")
docker kill -s KILL "$(replicas | grep "^${holder%%:*}")" >/dev/null
docker unpause "$(c ps -q mail)" >/dev/null
# its lease lasts a minute
check "after kill -9 of that replica the rest find its delivery" within 120 rescued
# the cool-off of a mail that may have been accepted lasts a quarter of an hour: end it by hand
psql "update deliveries set next_attempt_at = clock_timestamp() where state = 'unknown'"
check "and one of them delivers" within 40 told "to Q1 2028"
check "once" mails 3

c down >/dev/null 2>&1
c up -d >"$work/up" 2>&1 || { cat "$work/up"; exit 1; }
check "after down and up it serves" within 60 pages
sleep 5
check "nothing is imported again" imports 0
check "nothing is mailed again" mails 0
mw status les-ulis-opening delayed
check "and the next change is mailed" within 30 mails 1
check "the ledger holds" mw ledger verify
