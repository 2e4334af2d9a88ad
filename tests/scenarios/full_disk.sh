#!/usr/bin/env bash
# A full disk: what cannot be recorded does not happen, on either side, and everybody is told. When
# there is room again, a restart brings all back, and nothing that was acknowledged is missing.
. "$(dirname "$0")/harness.sh"
skip() { echo "skipped: $1"; exit 77; }
[ "$(id -u)" = 0 ] || skip "a small disk of its own needs root (mount -t tmpfs)"
mkdir -p "$work/probe" && mount -t tmpfs -o size=64k none "$work/probe" 2>/dev/null || skip "no tmpfs may be mounted here"
umount "$work/probe"
disks=()
leave_disks() {
  lab_down >/dev/null 2>&1
  for disk in "${disks[@]:-}"; do [ -n "$disk" ] && umount "$disk" 2>/dev/null; done
  leave
}
trap leave_disks EXIT
small_disk() { mkdir -p "$1" && mount -t tmpfs -o size=12m,mode=700 none "$1" && disks+=("$1"); }
small_disk "$lab/agent"
small_disk "$lab/gateway"
lab_for_scenario 2

fill() { dd if=/dev/zero of="$lab/$1/ballast" bs=4k 2>/dev/null; expect "no room left" test "$(df --output=avail "$lab/$1" | tail -1 | tr -d ' ')" = 0; }
make_room() { rm -f "$lab/$1/ballast"; }
journal() { program agent status --data "$lab/agent" --json | jq -r .journal; }
journal_failed() { [ "$(journal)" = FAILED ]; }
ready() { curl -s -o "$work/ready" -w '%{http_code}' --cacert "$lab/gateway/keys/ca.pem" "https://localhost:$(jq -r .https "$lab/gateway/ports.json")/readyz"; }
restart() { stop_daemon "$1"; "start_$1" && wait_for "the link" link_is_up; }

promise "the gateway is ready before" test "$(ready)" = 200
before() {
  local id
  id=$(open_session alice --tools shell,files) && echo "$id" >"$work/open" || return 1
  id=$(ask bruno) && wait_for "the request" reaches_practice "$id" && echo "$id" >"$work/waiting"
}
promise "a session is open, another request waits" before
as_tech alice timeout 120 ssh -F "$lab/tech/alice/ssh/config" -o ControlPath=none "$system_id.$practice" 'echo inside; sleep 300' >"$work/said" 2>&1 &
started+=($!)
wait_for "somebody inside" grep -q inside "$work/said"

practice_full() {
  local id
  id=$(cat "$work/open")
  fill agent || return 1
  # The next fact cannot be written: a new connection is one.
  inside alice 'true' >/dev/null 2>&1
  program agent pause --data "$lab/agent" "$id" >/dev/null 2>&1
  wait_for "the journal to say so" journal_failed
  wait_for "nobody inside" sh -c "[ \$(grep -lzs 'PONTLEVIS_SESSION=$id' /proc/[0-9]*/environ | wc -l) = 0 ]"
}
promise "the practice's disk is full: the open session ends" practice_full
told() { wait_for "the words at the client" grep -qE "journal cannot be written|cannot record" "$work/said" || { cat "$work/said"; return 1; }; }
promise "who was inside reads why" told
no_consent() {
  local said
  said=$(program agent approve --data "$lab/agent" "$(cat "$work/waiting")" --as dr-exemple --password-file "$lab/approver.password" --unwatched 2>&1) && { echo "opened: $said"; return 1; }
  echo "$said"
  grep -qiE "journal|disk|written|recorded" <<<"$said"
}
promise "nobody can agree to anything, and reads why" no_consent
unhealthy() { refute "a healthy agent" program agent healthcheck --data "$lab/agent" && expect "FAILED in status" journal_failed; }
promise "status and healthcheck say that the journal failed" unhealthy
practice_back() {
  make_room agent
  restart agent || return 1
  expect "journal OK" test "$(journal)" = OK && both_verify || return 1
  wait_for "the open one ended here" sh -c "[ \$('$bin/pontlevis-audit' show --data '$lab/agent' '$(cat "$work/open")' --json | jq -r .fields.end_cause) != null ]"
  wait_for "and there" in_state alice "$(cat "$work/open")" ENDED
  wait_for "the waiting one" reaches_practice "$(cat "$work/waiting")"
  approve "$(cat "$work/waiting")" && use_config bruno "$(cat "$work/waiting")" && inside bruno true && finish_and_report bruno "$(cat "$work/waiting")"
}
promise "with room again and a restart the practice works, and both records verify" practice_back

gateway_full() {
  local said
  fill gateway || return 1
  said=$(front alice request "$system_id.$practice" --ticket DOS-2 --reason "'Panne d impression'" --tasks "'Relancer la file'" 2>&1) && { echo "asked: $said"; return 1; }
  says "$said" "nothing can be recorded at the moment, so nothing is done"
}
promise "the gateway's disk is full: nobody can ask, and reads why" gateway_full
not_ready() { expect "503" test "$(ready)" = 503 && says "$(cat "$work/ready")" "nothing can be recorded"; }
promise "readyz says 503 and why" not_ready
still_answers() { says "$(front alice systems)" "$system_id" && says "$(front alice status)" "serveur.cabinet-exemple"; }
promise "what only reads still answers" still_answers
gateway_back() {
  local id
  make_room gateway
  restart gateway || return 1
  expect "ready" test "$(ready)" = 200 && both_verify || return 1
  local control
  for control in "$lab"/cm/*; do [ -S "$control" ] && ssh -o ControlPath="$control" -O exit any >/dev/null 2>&1; done
  sed -i 's|oathtool --totp|oathtool --totp --now "30 seconds"|' "$lab/tech/bruno/ssh/answer"
  id=$(open_session bruno) && inside bruno true && finish_and_report bruno "$id" && wait_for "closed" in_state bruno "$id" CLOSED
}
promise "with room again and a restart the gateway works" gateway_back
promise "both records verify" both_verify
end_of_scenario
