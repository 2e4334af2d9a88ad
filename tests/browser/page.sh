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

. "$tests/packages.sh"

lab_for_scenario 2
# The page locks after one minute, the shortest there is, so that the lock can be seen.
sed -i '/^\[page\]$/a lock_after_minutes = 1' "$lab/agent/agent.toml"
stop_daemon agent && start_agent && wait_for "the practice's link" link_is_up

# Node uses the words of the harness: each is a function that its shells inherit.
export work lab bin practice system_id port_base technicians tcp_port chromium out
while read -r _ _ name; do export -f "${name?}"; done < <(declare -F)

# In the background, so that a signal is answered at once: the browser is closed with its driver.
node "$tests/run.mjs" "$work/counts" &
driver=$!
started+=("$driver")
wait "$driver"
status=$?
started=()
read -r kept broken <"$work/counts" 2>/dev/null || { echo "the driver ended with status $status before it had counted"; broken=$((broken + 1)); }
end_of_scenario
