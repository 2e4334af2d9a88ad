#!/usr/bin/env bash
# What is destroyed on its day is found nowhere afterwards: an address after 150 days, an intervention after five years, in
# the store, the log, its keys, the exports and a backup that somebody kept; and the log still verifies. The programs
# are the real ones under a moved calendar (requirements A23, A24, B16, B18, T4, T5).
. "$(dirname "$0")/harness.sh"
for tool in clang-19 age age-keygen; do command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }; done
age-keygen -o "$work/identity" 2>/dev/null
export PONTLEVIS_GATEWAY_BACKUP_FOLDER=$work/copies PONTLEVIS_GATEWAY_BACKUP_RECIPIENT
PONTLEVIS_GATEWAY_BACKUP_RECIPIENT=$(age-keygen -y "$work/identity")
address=127.77.66.55 words="CANARI file d impression du secretariat"
lab_for_scenario 1

clang-19 -shared -fPIC -O1 -o "$work/moved_clock.so" tests/scenarios/moved_clock.c || exit 1
later() { # DAYS COMMAND…: as if it were run then
  local days=$1
  shift
  LD_PRELOAD=$work/moved_clock.so MOVED_DAYS=$days "$@"
}
gateway() { "$bin/pontlevis-gateway" "$@" --data "$lab/gateway" --json; }
at() { # DAYS VERB…: one verb of the gateway on that day
  local days=$1
  shift
  later "$days" "$bin/pontlevis-gateway" "$@" --data "$lab/gateway" --json
}
# Every opening that the log still gives, as text.
openings() { # DATA
  rm -rf "$work/bundle"
  program audit export --data "$1" --out "$work/bundle" >/dev/null && python3 - "$work/bundle" <<'PY'
import base64, pathlib, re, sys
for file in pathlib.Path(sys.argv[1], "records").rglob("*"):
    if not file.is_file(): continue
    for token in re.findall(rb"[A-Za-z0-9_-]{40,}", file.read_bytes()):
        try: print(base64.urlsafe_b64decode(token + b"=" * (-len(token) % 4)).decode())
        except ValueError: pass
PY
}
reads() { openings "$lab/gateway" >"$work/openings" && grep -qF -- "$1" "$work/openings"; }
in_files() { grep -rlaF -- "$1" "$lab/gateway" "$work/copies"; } # TEXT: prints the files that hold it
verifies_on() { later "$1" "$bin/pontlevis-audit" verify --data "$lab/gateway" >"$work/verified" 2>&1 || { cat "$work/verified"; return 1; }; }

prepare() {
  local id
  curl -s -o /dev/null --cacert "$lab/gateway/keys/ca.pem" --interface "$address" -H 'content-type: application/json' -H "origin: https://localhost:$(ports gateway https)" \
    -d '{"login":"alice","password":"rien du tout ici","code":"123456"}' "https://localhost:$(ports gateway https)/api/v1/sign-in"
  id=$(front alice request "$system_id.$practice" --ticket DOS-1 --reason "'$words'" --tasks "'Relancer la file'" --json | jq -er .intervention) && echo "$id" >"$work/id" &&
    approve "$id" && use_config alice "$id" && inside alice true && finish_and_report alice "$id" && wait_for "closed" in_state alice "$id" CLOSED &&
    wait_for "the address in the log" reads "$address" && reads "$words"
}
promise "an address and an intervention are in the log, and can be read" prepare
keep_a_copy() { gateway backup >/dev/null && cp -r "$work/copies" "$work/stolen" && rm -f "$work/stolen"/pontlevis-keys-*; }
promise "somebody keeps a copy of the day's backup for ever" keep_a_copy
stop_daemon agent
stop_daemon gateway

not_before() { at 149 retention run | jq -e '.destroyed == 0' >/dev/null && reads "$address"; }
promise "the day before its last day an address is still there" not_before
address_goes() {
  at 150 retention run >"$work/run" && jq -e '.destroyed >= 1 and (.certificates | length) >= 1' "$work/run" >/dev/null || { cat "$work/run"; return 1; }
  refute "the address in the log" reads "$address" && refute "the address in a file" in_files "$address" && reads "$words"
}
promise "on its day it is gone, and nothing else is" address_goes
promise "the log verifies after that" verifies_on 150
certificate_text() {
  local id
  id=$(jq -r '.certificates[0]' "$work/run")
  at 150 certificate text "$id" --language fr | jq -r .text >"$work/certificate" && expect "words" test -s "$work/certificate" && refute "the address in its certificate" grep -qF "$address" "$work/certificate"
}
promise "its certificate can be read, and does not hold it" certificate_text

backups_follow() {
  at 150 backup >/dev/null && expect "one key file" test "$(find "$work/copies" -name 'pontlevis-keys-*' | wc -l)" = 1
  mkdir "$work/unsealed" && for file in "$work/copies"/*.age; do age --decrypt --identity "$work/identity" "$file" | tar -xz -C "$work/unsealed" || return 1; done
  refute "the address in today's backups" grep -rlaF -- "$address" "$work/unsealed"
}
promise "older backups are gone, and today's do not hold it" backups_follow
copy_of_then() {
  local data=$work/back
  later 150 "$bin/pontlevis-gateway" restore --data "$data" --from "$(ls "$work/stolen"/pontlevis-data-*)" --keys "$(ls "$work/copies"/pontlevis-keys-*)" --identity "$work/identity" \
    --destructions "$work/copies/destructions.json" --json >"$work/restored" || { cat "$work/restored"; return 1; }
  openings "$data" >"$work/back.txt" && refute "the address in a log restored from the kept copy" grep -qF -- "$address" "$work/back.txt"
}
promise "the copy that was kept opens it no more" copy_of_then

hold_one() {
  at 150 hold place --practice "$practice" --reason "Contentieux Exemple en cours" --review-on "$(date -u -d '+400 days' +%F)" --by conformite >"$work/hold"
  jq -e .id "$work/hold" >/dev/null || { cat "$work/hold"; return 1; }
}
promise "a hold is placed" hold_one
held() { at 1827 retention run >"$work/run" && reads "$words" && jq -e '.deferred > 0' "$work/run" >/dev/null; }
promise "after five years the hold keeps the intervention" held
lifted() {
  at 1828 hold lift "$(jq -r .id "$work/hold")" --reason "Contentieux Exemple termine" --by conformite >/dev/null && at 1828 retention run >"$work/run" || { cat "$work/run"; return 1; }
  refute "its words in the log" reads "$words" && refute "its words in a file" in_files "CANARI" && refute "the technician's name there" reads "Alice Exemple"
}
promise "once it is lifted nobody and nothing said is left, in no file" lifted
promise "the log verifies after that too" verifies_on 1828
at_end() { at 1828 contract-end list | jq -e --arg p "$practice" 'any(.items[]; .practice == $p and .choice == null)' >/dev/null; }
promise "the contract that ended meanwhile has its case" at_end
deleted() {
  at 1828 contract-end choose "$practice" --choice DELETE --chosen-by "Dr Camille Exemple" --by conformite >"$work/end" && jq -e '.keys_revoked and (.deleted_at != null)' "$work/end" >/dev/null || { cat "$work/end"; return 1; }
  refute "the practice's name in a file" in_files "Cabinet Exemple" && refute "its person" reads "Camille Exemple"
}
promise "the practice chooses deletion: its keys are revoked and its name is nowhere" deleted
promise "and the log verifies" verifies_on 1828
end_of_scenario
