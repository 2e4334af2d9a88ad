# For every scenario: a lab of its own with the real programs, promises one by one, and an honest end.
#   . "$(dirname "$0")/harness.sh"
#   lab_for_scenario 2                      # technicians
#   promise "what is kept" function         # runs it; prints ok or not ok with what it said
#   end_of_scenario
# BIN names the folder of the programs (default: the dev build).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. deploy/lib.sh
. deploy/lab.sh
bin=$(cd "${BIN:-build/dev/bin}" && pwd)
port_base=0 technicians=2 kept=0 broken=0
work=$(mktemp -d /tmp/plv-XXXXXX)
chmod 711 "$work"
lab=$work/lab
started=()   # processes of this scenario beside the daemons

leave() {
  local pid
  for pid in "${started[@]:-}"; do [ -n "$pid" ] && kill "$pid" 2>/dev/null; done
  lab_down >/dev/null 2>&1
  [ "$broken" = 0 ] && rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM

lab_for_scenario() { technicians=${1:-1}; (set -e; lab_up) || { echo "not ok - the lab comes up"; broken=1; exit 1; }; }

promise() { # NAME FUNCTION ARGS…: its output is shown when it breaks
  local name=$1 said status
  shift
  said=$("$@" 2>&1)
  status=$?
  if [ "$status" = 0 ]; then kept=$((kept + 1)); echo "ok - $name"; return; fi
  broken=$((broken + 1))
  echo "not ok - $name"
  sed 's/^/    /' <<<"$said" | tail -40
}
end_of_scenario() {
  echo "$kept passed, $broken failed"
  [ "$broken" = 0 ] || echo "kept for a look: $work"
  [ "$broken" = 0 ]
}

# expect WHAT COMMAND…: fails the promise with a sentence.
expect() {
  local what=$1
  shift
  "$@" || { echo "expected: $what"; echo "  by: $*"; return 1; }
}
refute() {
  local what=$1
  shift
  ! "$@" || { echo "did not expect: $what"; echo "  by: $*"; return 1; }
}
says() { grep -qF -- "$2" <<<"$1" || { printf 'expected to read: %s\nread: %s\n' "$2" "$1"; return 1; }; }

# ---- an intervention in few words ----
ask() { # LOGIN [MORE…]: prints the intervention's number
  local login=$1
  shift
  front "$login" request "$system_id.$practice" --ticket DOS-1 --reason "'Panne d impression depuis ce matin'" \
    --tasks "'Relancer la file'" --json "$@" | jq -er .intervention
}
reaches_practice() { program agent requests --data "$lab/agent" --json | jq -e --arg id "$1" 'any(.requests[]; .intervention==$id)' >/dev/null; }
approve() { # ID [MORE…]: consents; what was read out lands where the technicians hear it
  local id=$1 opened login
  shift
  wait_for "the request at the practice" reaches_practice "$id"
  opened=$(program agent approve --data "$lab/agent" "$id" --as dr-exemple --password-file "$lab/approver.password" --unwatched --json "$@") || return 1
  for login in $(jq -r '.passwords[].login' <<<"$opened"); do
    jq -r --arg l "$login" '.passwords[]|select(.login==$l).password' <<<"$opened" >"$lab/tech/$login/heard"
  done
}
open_session() { # LOGIN [request options…]: asks, consents, takes the config; prints the number
  local login=$1 id
  id=$(ask "$@") && approve "$id" && use_config "$login" "$id" && echo "$id"
}
inside() { # LOGIN COMMAND…: one command at the practice
  local login=$1
  shift
  tssh "$login" "$system_id.$practice" "$@"
}
state_of() { front "$1" status "$2" --json | jq -r '.. | .state? // empty' | head -1; } # LOGIN ID
in_state() { [ "$(state_of "$1" "$2")" = "$3" ]; }
finish_and_report() { # LOGIN ID
  front "$1" finish "$2" && front "$1" report "$2" --tasks "'Relance faite, page de test imprimee.'" --outcome SOLVED --cleanup DONE
}
records_of() { program audit show --data "$lab/$1" "$2" --json; } # agent|gateway ID
both_verify() {
  expect "the practice's log verifies" program audit verify --data "$lab/agent" &&
    expect "the gateway's log verifies" program audit verify --data "$lab/gateway"
}
session_processes() { grep -lzs "PONTLEVIS_SESSION=$1" /proc/[0-9]*/environ 2>/dev/null | wc -l; } # ID
