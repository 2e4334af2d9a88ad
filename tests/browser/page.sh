#!/usr/bin/env bash
# The practitioner's page in a real browser, on the real programs: a technician with the stock ssh at one
# end, a doctor at the other. One lab, one Chromium, several people. ONLY=words runs the promises that say so.
chromium=${CHROMIUM:-/usr/bin/chromium}
node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || { echo "skipped: Node 20 or later is needed to drive the browser (found: $(node --version 2>/dev/null || echo none))"; exit 77; }
[ -x "$chromium" ] || { echo "skipped: no Chromium at $chromium"; exit 77; }
. "$(dirname "$0")/../scenarios/harness.sh"
tests=$PWD/tests/browser
out=$PWD/build/browser

. "$tests/driver.sh"

lab_for_scenario 2
# The page locks after one minute, the shortest there is, so that the lock can be seen.
sed -i '/^\[page\]$/a lock_after_minutes = 1' "$lab/agent/agent.toml"
stop_daemon agent && start_agent && wait_for "the practice's link" link_is_up

drive "$tests/run.mjs"
end_of_scenario
