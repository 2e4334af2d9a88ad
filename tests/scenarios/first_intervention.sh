#!/usr/bin/env bash
# The main job, end to end, on real input: each step of docs/life-of-an-intervention.md in order.
. "$(dirname "$0")/harness.sh"
lab_for_scenario 2

nothing_before() {
  local said
  said=$(tssh alice -J pontlevis-gateway "alice@$system_id.$practice" true 2>&1) && { echo "a shell opened"; return 1; }
  says "$said" "no intervention of yours is open"
}
promise "before a request nothing opens, and the technician is told why" nothing_before

asked_and_shown() {
  id=$(ask alice --tools shell,files) && echo "$id" >"$work/id"
  wait_for "the request" reaches_practice "$id"
  says "$(program agent show --data "$lab/agent" "$id")" "Qui ? Alice Exemple, Technicien de maintenance, Éditeur Exemple, depuis la France."
  says "$(program agent show --data "$lab/agent" "$id" --lang en)" "Nothing is open until you have agreed."
}
promise "the practitioner reads who, why, on what and for how long, in French and in English" asked_and_shown
id=$(cat "$work/id")

waiting_is_closed() {
  local said
  said=$(tssh alice -J pontlevis-gateway "alice@$system_id.$practice" true 2>&1) && { echo "a shell opened"; return 1; }
  says "$said" "waiting for the practice's consent"
}
promise "before consent nothing opens" waiting_is_closed

promise "a person consents and reads out a password" approve "$id"
promise "config gives what the stock client needs" use_config alice "$id"
works() { says "$(inside alice 'echo "here: $PONTLEVIS_SESSION"; exit 3'; echo "status $?")" "here: $id"; }
promise "the technician works at the practice with the stock ssh" works
exit_codes() { inside alice 'exit 7'; [ $? = 7 ] && inside alice 'kill -9 $$'; [ $? = 255 ]; }
promise "exit codes and signals come back" exit_codes

report_and_close() {
  finish_and_report alice "$id" && wait_for "the report at the practice" sh -c "'$bin/pontlevis-audit' show --data '$lab/agent' '$id' | grep -q 'page de test'"
}
promise "the report closes it" report_and_close
closed_again() { refute "the same password opens" timeout 20 ssh -o ControlPath=none -F "$lab/tech/alice/ssh/config" -o BatchMode=yes "$system_id.$practice" true; }
promise "afterwards nothing opens" closed_again

# requirements A40 to A45, each from facts, on the practice's side and on the vendor's.
fields() { # SIDE
  local fiche
  fiche=$(program audit show --data "$lab/$1" "$id")
  says "$fiche" "Alice Exemple" && says "$fiche" "Durée" && says "$fiche" "Début" && says "$fiche" "Fin" &&
    says "$fiche" "Serveur du cabinet" && says "$fiche" "terminal" && says "$fiche" "Relance faite, page de test imprimee." &&
    says "$fiche" "Dr Camille Exemple"
}
promise "the practice's record says who, when, how long, which system, which tool, what was done" fields agent
promise "the vendor's record says the same" fields gateway
promise "both records verify" both_verify
bundle() { program audit export --data "$lab/gateway" --out "$work/bundle" && program audit verify --bundle "$work/bundle"; }
promise "an exported bundle verifies without either side" bundle
no_password_kept() {
  local password
  password=$(tr -d '-' <"$lab/tech/alice/heard")
  sleep 0.2
  ! grep -rqa -e "$password" -e "$(cat "$lab/tech/alice/heard")" "$lab/agent" "$lab/gateway" "$lab"/*.log
}
promise "the password is in no file of either side" no_password_kept
end_of_scenario
