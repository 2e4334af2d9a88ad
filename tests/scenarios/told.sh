#!/usr/bin/env bash
# Being told: a request that arrives is announced by the practice's own program and in a terminal that
# watches, once, with who and where and never why; and it waits for its own expiry.
. "$(dirname "$0")/harness.sh"
lab_for_scenario 1
told=$work/told
mkdir -p "$told"
cat >"$work/announce" <<EOF
#!/bin/sh
printf '%s\n' "\$PONTLEVIS_TEXT" >"$told/\$PONTLEVIS_REQUEST"
EOF
chmod 755 "$work/announce"
printf '[notify]\ncommand = "%s"\ndesktop = "off"\n' "$work/announce" >>"$lab/agent/agent.toml"
stop_daemon agent
start_agent
wait_for "the practice's link" link_is_up

"$bin/pontlevis-agent" requests --watch --data "$lab/agent" >"$work/terminal" 2>&1 & started+=($!)
rung() { [ "$(tr -cd '\a' <"$work/terminal" | wc -c)" = "$1" ]; }

arrives() { id=$(ask alice --tools shell) && echo "$id" >"$work/id" && wait_for "the program to be run" test -s "$told/$id"; }
promise "the practice's own program is told of a request" arrives
id=$(cat "$work/id")
who_and_where() {
  says "$(cat "$told/$id")" "Alice Exemple (Éditeur Exemple)" && says "$(cat "$told/$id")" "Serveur du cabinet" &&
    refute "the reason" grep -q -i impression "$told/$id"
}
promise "it says who and where, never why" who_and_where
promise "a terminal that watches rings once" wait_for "the bell" rung 1
rings_no_more() {
  program agent approve --data "$lab/agent" "$id" --as dr-exemple --password-file "$lab/approver.password" --unwatched --json >/dev/null &&
    wait_for "the list to be empty" grep -q "Aucune demande" "$work/terminal" && rung 1
}
promise "what happens to it afterwards rings no more" rings_no_more

broken_program() {
  program agent stop "$id" --data "$lab/agent" >/dev/null && wait_for "the end at the vendor" in_state alice "$id" ENDED &&
    front alice report "$id" --tasks "'Arrêtée par le cabinet avant tout travail.'" --outcome NOT_SOLVED --cleanup NOT_APPLICABLE >/dev/null &&
    printf '#!/nonexistent\n' >"$work/announce" && id=$(ask alice --tools shell) && wait_for "the request all the same" reaches_practice "$id" &&
    wait_for "the event" grep -q 'notify.failed' "$lab/agent.log"
}
promise "a program that cannot run changes nothing but the log" broken_program
end_of_scenario
