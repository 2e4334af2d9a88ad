#!/usr/bin/env bash
# Planned and urgent: a date is accepted in advance and opens nothing, not even for the practice; at its time the
# practice opens it by an act of its own; an emergency shortens the notice and is asked for like any other
# (requirements A33, T10).
export PONTLEVIS_GATEWAY_REQUEST_NOTICE_HOURS=1
. "$(dirname "$0")/harness.sh"
lab_for_scenario 1
in_utc() { date -u -d "$1" +%Y-%m-%dT%H:%M:%S.000Z; }
as_dr() { local verb=$1; shift; program agent "$verb" --data "$lab/agent" "$@" --as dr-exemple --password-file "$lab/approver.password"; }

short_notice() {
  local said
  said=$(front alice request "$system_id.$practice" --ticket DOS-1 --reason "'Panne d impression'" --tasks "'Relancer la file'" 2>&1) && return 1
  says "$said" "announced 1 hours ahead" && says "$said" "never the signature"
}
promise "where notice is agreed to, a request for now is refused, with the way to ask" short_notice
too_near() { ! ask alice --from "$(in_utc '+10 minutes')" --until "$(in_utc '+2 hours')" >/dev/null 2>&1; }
promise "and so is a date within the notice" too_near

plan() {
  id=$(ask alice --emergency "'le serveur ne repond plus'" --from "$(in_utc '+25 seconds')" --until "$(in_utc '+1 hour')") && echo "$id" >"$work/id" &&
    wait_for "the request at the practice" reaches_practice "$id"
}
promise "an emergency may be planned for sooner" plan
id=$(cat "$work/id")
reads_date() { says "$(program agent show --data "$lab/agent" "$id" --lang fr)" "Intervention planifiée : du " && says "$(front alice status)" "has not answered yet"; }
promise "the practice reads the window, and the technician that it has not answered" reads_date
too_early() {
  local said
  said=$(as_dr approve "$id" 2>&1) && return 1
  says "$said" "the window has not begun"
}
promise "before its time nobody opens it, not even the practice" too_early
accept() { as_dr accept "$id" && in_state alice "$id" REQUESTED && wait_for "the gateway to know" grep -q "fact.taken.*acceptance" "$lab/gateway.log" && says "$(front alice status)" "planned and accepted"; }
promise "the practice accepts the date, and nothing opens" accept
restart() { stop_daemon agent && start_agent && wait_for "the request after a restart" reaches_practice "$id" && says "$(front alice status)" "planned and accepted"; }
promise "a restart forgets neither the request nor the date" restart
opens() {
  can_open() { as_dr approve "$id" --unwatched --json >"$work/opened" 2>/dev/null; }
  wait_for "its time" can_open && jq -er '.passwords[0].password' "$work/opened" >"$lab/tech/alice/heard" && use_config alice "$id" && says "$(inside alice 'echo inside')" inside
}
promise "at its time the practice opens it by an act of its own" opens
ends() { finish_and_report alice "$id" && in_state alice "$id" CLOSED; }
promise "and it ends like any other" ends

urgent() {
  id=$(ask alice --emergency "'le serveur ne repond plus'") && refute "a way in without a consent" tssh alice -o ControlPath=none "$system_id.$practice" true </dev/null &&
    approve "$id" && use_config alice "$id" && says "$(inside alice 'echo inside')" inside && finish_and_report alice "$id"
}
promise "an emergency for now is asked for, and signed, like any other" urgent
in_record() {
  local all
  all=$(records_of gateway "$(cat "$work/id")")
  jq -e '[.. | objects | select(.type? == "acceptance")] | length == 1' <<<"$all" >/dev/null || { echo "the acceptance"; return 1; }
  jq -e '[.. | objects | select(.type? == "request")][0] | .window_start and .window_end and .emergency' <<<"$all" >/dev/null || { echo "the window, and the emergency"; return 1; }
}
promise "the record holds the window, the acceptance and the consent" in_record
promise "both records verify" both_verify
end_of_scenario
