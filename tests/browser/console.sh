#!/usr/bin/env bash
# The technician's console in a real browser, on the real programs: two technicians, an administrator and the
# practitioner's page. Between browser and gateway stands a tap that sees what the gateway's relay sees.
# One lab, one Chromium, several people. ONLY=words runs the stories that say so; BENCH=1024 compares a gigabyte each
# way and the echo of a key with the stock client instead (BIN=build/release/bin for figures that mean something).
chromium=${CHROMIUM:-/usr/bin/chromium}
node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || { echo "skipped: Node 20 or later is needed to drive the browser (found: $(node --version 2>/dev/null || echo none))"; exit 77; }
[ -x "$chromium" ] || { echo "skipped: no Chromium at $chromium"; exit 77; }
. "$(dirname "$0")/../scenarios/harness.sh"
tests=$PWD/tests/browser
out=$PWD/build/browser
. "$tests/driver.sh"
out=$out/console && mkdir -p "$out" && ln -sfn ../node_modules "$out/node_modules" && cp "$tests/package.json" "$out/"

more_tools() { # of the lab's system: a desktop made for each session
  local prefix
  prefix=$(session_prefix)
  cat <<EOF
[system.desktop]
label = "Bureau de la session"
geometry = "800x600"
prefix = [${prefix%, }]
start = ["xterm", "-bg", "#336699", "-b", "20", "-geometry", "80x24+0+0", "-e", "sh", "-c", "stty -echo; exec cat >>$lab/home/typed"]
EOF
}
accounts=yes
# The browsers come through the tap: another origin of the same console, told to the gateway.
tap_port=$(free_port)
[ -n "${BENCH:-}" ] || export PONTLEVIS_GATEWAY_CONSOLE_ORIGIN="https://localhost:$tap_port"
lab_for_scenario 2
# A silent technician is asked every three seconds instead of fifteen, so that a lost line need not be waited for.
sed -i '/^\[link\]$/a operator_alive_seconds = 3' "$lab/agent/agent.toml"
stop_daemon agent && start_agent && wait_for "the practice's link" link_is_up

export tap_port
drive "$tests/console/run.mjs"
end_of_scenario
