#!/usr/bin/env bash
# A gateway is set back to an older copy of itself. The practice shows what it cosigned: the log is closed. The offline
# staff key names another log, the practice follows it, tells its people, and the next session opens (audit-log design §2.3).
. "$(dirname "$0")/harness.sh"
lab_for_scenario 4  # after each restart another one asks: a code of the authenticator is good once
gateway() { "$bin/pontlevis-gateway" "$@" --data "$lab/gateway" --json; }
agent_status() { program agent status --data "$lab/agent" --json; }
whole() { local id; id=$(open_session "$1") && inside "$1" true && finish_and_report "$1" "$id" && wait_for "closed" in_state "$1" "$id" CLOSED; }

promise "an intervention, as every day" whole alice
stop_daemon gateway
cp -r "$lab/gateway" "$work/older"
start_gateway
wait_for "the practice's link" link_is_up
all_shown() { gateway log ask >/dev/null; agent_status | jq -e '.witness.not_shown_yet == 0 and .alarm == false' >/dev/null; }
shown() { whole bruno && wait_for "every fact to be shown" all_shown; }
promise "another one; the practice was shown every fact of it, and no alarm stands" shown

stop_daemon gateway
rm -rf "$lab/gateway" && mv "$work/older" "$lab/gateway"
start_gateway
noticed() { gateway log show | jq -e '.behind == true and (.closed | length) > 0' >/dev/null; }
promise "set back, it is told so by the first practice that connects" wait_for "the log to be closed" noticed
nothing() {
  local said
  said=$(front tech3 request "$system_id.$practice" --ticket DOS-2 --reason "'Panne d impression'" --tasks "'Relancer la file'" 2>&1) && { echo "asked: $said"; return 1; }
  says "$said" "lost its past" && expect "an honest gateway that stopped is not accused" sh -c "'$bin/pontlevis-agent' status --data '$lab/agent' --json | jq -e '.alarm == false' >/dev/null"
}
promise "nothing is asked or written any more, and nobody is accused" nothing

linked() {
  gateway log prepare >"$work/prepared" || { cat "$work/prepared"; return 1; }
  refute "a link without the staff key" gateway log link --cause restore --successor "$work/prepared" &&
    program certs log-successor issue --staff-key "$lab/staff/staff.key" --old-log "$(jq -r .old_log "$work/prepared")" --new-log "$(jq -r .new_log "$work/prepared")" \
      --last-size "$(jq -r .last_size "$work/prepared")" --cause restore --out "$work/successor.note" &&
    gateway log link --cause restore --successor "$work/successor.note"
}
promise "the staff key names the log that follows" linked
stop_daemon gateway
start_gateway
follows() { agent_status | jq -e --arg log "$(jq -r '.new_log | split("+")[0]' "$work/prepared")" '.witness.log == $log and .witness.cosigned > 0 and .witness.log_changed.cause == "RESTORE"' >/dev/null; }
promise "the practice follows, and says so" wait_for "the practice to watch the new log" follows
aside() {
  expect "the old log whole, beside" test -f "$lab/gateway/log-closed-1/log.db" &&
    says "$(program audit show --data "$lab/gateway" --json 2>/dev/null; sqlite3 "file:$lab/gateway/log/log.db?mode=ro" 'SELECT type FROM records ORDER BY idx LIMIT 1')" link
}
promise "the new log begins with the link, the old one is put aside" aside
promise "and the next intervention goes its whole way" whole tech4
verified() { expect "the new log verifies" program audit verify --data "$lab/gateway" && expect "the practice's log verifies" program audit verify --data "$lab/agent"; }
promise "both logs verify" verified
end_of_scenario
