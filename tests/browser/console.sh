#!/usr/bin/env bash
# The technician's console in a real browser, on the real programs: two technicians, an administrator and the
# practitioner's page. Between browser and gateway stands a tap that sees what the gateway's relay sees.
# One lab, one Chromium, several people. ONLY=words runs the stories that say so.
chromium=${CHROMIUM:-/usr/bin/chromium}
node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || { echo "skipped: Node 20 or later is needed to drive the browser (found: $(node --version 2>/dev/null || echo none))"; exit 77; }
[ -x "$chromium" ] || { echo "skipped: no Chromium at $chromium"; exit 77; }
. "$(dirname "$0")/../scenarios/harness.sh"
tests=$PWD/tests/browser
out=$PWD/build/browser
. "$tests/packages.sh"
out=$out/console && mkdir -p "$out" && ln -sfn ../node_modules "$out/node_modules" && cp "$tests/package.json" "$out/"

write_systems() { # as the lab's, with a desktop made for each session
  local prefix
  prefix=$(session_prefix)
  mkdir -p "$lab/home"
  [ "$(id -u)" = 0 ] && chown 65534:65534 "$lab/home"
  tcp_port=$(port_number 4)
  cat >"$lab/agent/systems.toml" <<EOF
[[system]]
id = "$system_id"
label = "Serveur du cabinet"
hosting = "local"
[system.shell]
command = [$prefix"bash"]
exec = [$prefix"bash", "-c"]
folder = "$lab/home"
[system.files]
prefix = [${prefix%, }]
folder = "$lab/home"
[system.desktop]
label = "Bureau de la session"
geometry = "800x600"
prefix = [${prefix%, }]
start = ["xterm", "-bg", "#336699", "-b", "20", "-geometry", "80x24+0+0", "-e", "sh", "-c", "stty -echo; exec cat >>$lab/home/typed"]
[system.tcp.base]
host = "127.0.0.1"
port = $tcp_port
label = "Base de données d'essai"
EOF
}
accounts=yes
# The browsers come through the tap: another origin of the same console, told to the gateway.
tap_port=$(free_port)
export PONTLEVIS_GATEWAY_CONSOLE_ORIGIN="https://localhost:$tap_port"
lab_for_scenario 2
# A silent technician is asked every three seconds instead of fifteen, so that a lost line need not be waited for.
sed -i '/^\[link\]$/a operator_alive_seconds = 3' "$lab/agent/agent.toml"
stop_daemon agent && start_agent && wait_for "the practice's link" link_is_up

export work lab bin practice system_id port_base technicians tcp_port chromium out tap_port
while read -r _ _ name; do export -f "${name?}"; done < <(declare -F)

node "$tests/console/run.mjs" "$work/counts" &
driver=$!
started+=("$driver")
wait "$driver"
status=$?
started=()
read -r kept broken <"$work/counts" 2>/dev/null || { echo "the driver ended with status $status before it had counted"; broken=$((broken + 1)); }
end_of_scenario
