#!/usr/bin/env bash
# The compliance review in a real browser, on the real programs: interventions made by a technician with the stock
# ssh, read, checked, noted, exported and answered for by compliance and by an auditor.
# One lab, one Chromium, two readers. ONLY=words runs the stories that say so; PAGE=web/dist/review tries a page that
# is not in the program yet.
chromium=${CHROMIUM:-/usr/bin/chromium}
node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || { echo "skipped: Node 20 or later is needed to drive the browser (found: $(node --version 2>/dev/null || echo none))"; exit 77; }
[ -x "$chromium" ] || { echo "skipped: no Chromium at $chromium"; exit 77; }
. "$(dirname "$0")/../scenarios/harness.sh"
tests=$PWD/tests/browser
out=$PWD/build/browser
. "$tests/driver.sh"
out=$out/review && mkdir -p "$out" && ln -sfn ../node_modules "$out/node_modules" && cp "$tests/package.json" "$out/"

accounts=yes
lab_for_scenario 1
drive "$tests/review/run.mjs"
end_of_scenario
