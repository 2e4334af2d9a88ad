#!/usr/bin/env bash
# The bad day: a gateway is lost and made again from its backup. Everything is there, what was destroyed since stays
# destroyed, and the log that has lost its last records is noticed by its witness and not continued (requirements A12, T1).
. "$(dirname "$0")/harness.sh"
for tool in age age-keygen; do command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }; done
age-keygen -o "$work/identity" 2>/dev/null
export PONTLEVIS_GATEWAY_BACKUP_FOLDER=$work/copies PONTLEVIS_GATEWAY_BACKUP_RECIPIENT
PONTLEVIS_GATEWAY_BACKUP_RECIPIENT=$(age-keygen -y "$work/identity")
lab_for_scenario 1
gateway() { "$bin/pontlevis-gateway" "$@" --data "$lab/gateway" --json; }
one() { local id; id=$(open_session alice) && inside alice true && finish_and_report alice "$id" && wait_for "closed" in_state alice "$id" CLOSED && echo "$id" >"$work/$1"; }

promise "an intervention before the backup" one first
made() {
  gateway backup >"$work/made" || { cat "$work/made"; return 1; }
  expect "two files" test "$(find "$work/copies" -name 'pontlevis-*.age' | wc -l)" = 2 && refute "a name in them" grep -rlaF "Alice Exemple" "$work/copies" &&
    refute "a copy in the clear left behind" test -e "$lab/gateway/backup-work"
}
promise "a backup of the serving gateway: two sealed files, nothing in the clear" made
listed() { gateway backups list | jq -e '(.items | length) == 2 and all(.items[]; .state == "KEPT") and .late == false' >/dev/null; }
promise "it is listed with the days on which it goes" listed
data=$(ls "$work/copies"/pontlevis-data-*) keys=$(ls "$work/copies"/pontlevis-keys-*)

after() { one second && gateway erase --intervention "$(cat "$work/first")" --reason ERASURE_REQUEST --words "demande de la personne" --by conformite >"$work/erased" && jq -e '.certificates | length == 1' "$work/erased" >/dev/null || { cat "$work/erased"; return 1; }; }
promise "after it another intervention, and the first is erased on request" after
gateway destructions export >"$work/destructions.json"
stop_daemon gateway
mv "$lab/gateway" "$work/lost"

wrong_key() {
  age-keygen -o "$work/other" 2>/dev/null
  refute "a restore with another key" "$bin/pontlevis-gateway" restore --data "$lab/gateway" --from "$data" --keys "$keys" --identity "$work/other" >"$work/said" 2>&1 && expect "an empty folder" sh -c "[ -z \"\$(ls -A '$lab/gateway' 2>/dev/null)\" ]"
}
promise "another key opens nothing and leaves nothing" wrong_key
restored() {
  "$bin/pontlevis-gateway" restore --data "$lab/gateway" --from "$data" --keys "$keys" --identity "$work/identity" --destructions "$work/destructions.json" --json >"$work/restored" || { cat "$work/restored"; return 1; }
  jq -e '.with_keys and .destroyed_again > 0 and .interventions_stripped == 1' "$work/restored" >/dev/null || { cat "$work/restored"; return 1; }
}
promise "the gateway is restored, and what was erased since is erased again" restored
no_trace() { refute "the technician's name in the store's row" sh -c "sqlite3 '$lab/gateway/gateway.db' \"SELECT view FROM interventions WHERE id='$(cat "$work/first")'\" | grep -q alice"; }
promise "the first intervention names nobody" no_trace
start_gateway
noticed() { gateway log show | tee "$work/log" | jq -e '.behind == true' >/dev/null; }
behind() { wait_for "the practice to show what it saw" noticed; }
promise "its witness shows a longer past: the log is behind" behind
not_continued() {
  local said
  said=$(front alice request "$system_id.$practice" --ticket DOS-9 --reason "'Panne d impression'" --tasks "'Relancer la file'" 2>&1) && { echo "asked: $said"; return 1; }
  echo "$said"
  expect "not one record more" test "$(gateway log show | jq .size)" = "$(jq .log_size "$work/restored")"
}
promise "it is not continued: nobody can ask, nothing is written" not_continued
tree_whole() { program audit verify --data "$lab/gateway" --json >"$work/verify.json"; jq -e '[.findings[]? | select(.check == "signature" or .check == "tree" or .check == "history")] | length == 0' "$work/verify.json" >/dev/null; }
promise "what was restored is the log as it was signed" tree_whole
end_of_scenario
