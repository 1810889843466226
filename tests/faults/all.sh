#!/usr/bin/env bash
# Every fault in turn, a table of what they printed, and `N passed, N failed` last. What failed names the folder of its raw log.
#   tests/faults/all.sh [--short] [--seed N]
set -uo pipefail
cd "$(dirname "$0")" || exit 1
faults=(kill-worker kill-postmaster restart-postgres freeze smtp-refuses smtp-hangs smtp-drops network full-disk clock-jumps race)
passed=0 failed=0 table=()

[[ -n ${MW_FAULTS_BUILT:-} ]] || ./run build || { echo "0 passed, ${#faults[@]} failed"; exit 1; }
export MW_FAULTS_BUILT=yes
for fault in "${faults[@]}"; do
  echo "$fault (${SECONDS} s)"
  if said=$("./$fault.sh" "$@"); then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  # a line of figures and a line for people
  while read -r line; do
    case $line in
      fault=*) table+=("$line") ;;
      *BROKEN*) table+=("$line") && echo "  $line" ;;
      *) echo "  $line" ;;
    esac
  done <<<"$said"
done
printf '%-17s %6s %7s %5s %10s %9s %7s  %s\n' fault faults mails lost duplicated ambiguous seconds held
for line in "${table[@]}"; do
  if [[ $line != fault=* ]]; then
    echo "$line"
    continue
  fi
  declare -A figure=()
  for pair in $line; do figure[${pair%%=*}]=${pair#*=}; done
  printf '%-17s %6s %7s %5s %10s %9s %7s  %s\n' "${figure[fault]}" "${figure[faults]}" "${figure[mails]}" "${figure[lost]}" \
    "${figure[duplicated]}" "${figure[ambiguous]}" "${figure[seconds]}" "${figure[held]}"
done
echo "$passed passed, $failed failed"
((failed == 0))
