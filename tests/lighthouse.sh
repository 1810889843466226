#!/usr/bin/env bash
# Lighthouse's four scores of the public pages, of a running `mw demo` or `mw serve`: at least 95 each, or it exits with 1.
#   tests/lighthouse.sh [http://127.0.0.1:5080 [PATH…]]
# Pages behind a sign-in: MW_COOKIE='__Host-mw-session=…' tests/lighthouse.sh http://127.0.0.1:5080 /desk
# Takes node with npx, which fetches Lighthouse where it is not installed, and a Chromium (CHROME_PATH, else what is found).
set -euo pipefail

site=${1:-http://127.0.0.1:5080}
shift || true
if [ $# -gt 0 ]; then pages=("$@"); else pages=(/ /m/les-ulis-opening /m/compute-200-mw /record); fi
export CHROME_PATH=${CHROME_PATH:-$(command -v chromium || command -v google-chrome || command -v chrome)}
least=95
report=$(mktemp -d)
trap 'rm -rf "$report"' EXIT
failed=0

for page in "${pages[@]}"; do
  npx --yes lighthouse "$site$page" --quiet --output=json --output-path="$report/page.json" \
    --only-categories=performance,accessibility,best-practices,seo \
    ${MW_COOKIE:+--extra-headers="{\"Cookie\":\"$MW_COOKIE\"}"} \
    --chrome-flags="--headless --no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-component-update --disable-sync --user-data-dir=$report/chromium"
  node -e '
    const { categories, audits } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    const scores = Object.values(categories).map((c) => [c.title, Math.round(c.score * 100)]);
    console.log(process.argv[2].padEnd(28) + scores.map(([title, score]) => `${title} ${score}`).join("  "));
    const least = Number(process.argv[3]);
    for (const category of Object.values(categories)) {
      if (Math.round(category.score * 100) >= least) continue;
      for (const { id, weight } of category.auditRefs) {
        if (weight > 0 && audits[id].score !== null && audits[id].score < 0.9) console.log(`  ${id}: ${audits[id].title} ${audits[id].displayValue ?? ""}`);
      }
    }
    process.exit(scores.every(([, score]) => score >= least) ? 0 : 1);
  ' "$report/page.json" "$page" "$least" || failed=1
done
exit $failed
