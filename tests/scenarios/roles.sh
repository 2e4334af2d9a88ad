#!/usr/bin/env bash
# Who does what in one intervention: a pair, a third who looks on, the practice choosing who acts and holding
# one tool alone, the person in charge handing over, and the report of whoever is in charge at the end
# (requirements A35, A36, A38, A40).
. "$(dirname "$0")/harness.sh"
lab_for_scenario 3
where=$system_id.$practice home=$lab/home
. "$(dirname "$0")/desks.sh"
trap 'tm kill-server 2>/dev/null; leave' EXIT

opens() {
  id=$(ask alice --tools shell,files --pair bruno --additional tech3) && echo "$id" >"$work/id" && approve "$id" &&
    for login in alice bruno tech3; do use_config "$login" "$id" || return 1; done
}
promise "a pair and an additional qualified person are asked for and consented to" opens
id=$(cat "$work/id")

no_pair() {
  desk_of alice 90 30 && wait_for "alice to be in" here 1 && desk_of tech3 90 30 && wait_for "the third to be in" here 2 &&
    wait_for "the hold" held PAIR_INCOMPLETE && type_line alice 'touch typed-without-a-pair' && expect "nothing arrives" test ! -e "$home/typed-without-a-pair"
}
promise "one operator and one who looks on are no pair" no_pair
looks_on() {
  desk_of bruno 90 30 && wait_for "bruno to be in" here 3 && wait_for "input to flow" held NONE && type_line bruno 'PS1="> "; echo from-br"uno"' &&
    see tech3 from-bruno && type_line tech3 'touch typed-by-the-third' && see tech3 "what you type goes nowhere" &&
    type_line alice 'echo from-al"ice"' && see tech3 from-alice && expect "nothing of the third arrives" test ! -e "$home/typed-by-the-third"
}
promise "who looks on sees all, types nothing and is told" looks_on
third_tools() {
  local said
  said=$(tssh tech3 -o ControlPath=none "$where" 'touch run-by-the-third' 2>&1 </dev/null) && return 1
  expect "nothing ran" test ! -e "$home/run-by-the-third"
}
promise "who looks on has no other tool" third_tools

typist() { program agent typist "$1" --data "$lab/agent" --id "$id" >/dev/null; }
one_acts() {
  typist bruno && see alice "alone act" && type_line alice 'touch typed-by-alice' && see alice "what you type goes nowhere" &&
    type_line bruno 'echo al"one"' && see alice alone && expect "nothing typed before there was a pair came late" test ! -e "$home/typed-without-a-pair" && expect "nothing of hers arrives" test ! -e "$home/typed-by-alice"
}
promise "the practice lets one act alone: the other's typing goes nowhere, also not later" one_acts
all_act() {
  typist all && type_line alice 'test -e typed-by-alice && echo la"te" || echo bo"th"' && see bruno both && refute "old typing" reads bruno late
}
promise "and both again" all_act

sftp_of() { sftp -q -F "$lab/tech/alice/ssh/config" -o ControlPath="$work/alice.ctl" -b - "$where"; }
share_alice() { # one connection of alice's for files beside her terminal
  tm kill-session -t alice && wait_for "alice to be out" here 2 && new_code_for alice &&
    tm -u new-session -d -s alice -x 90 -y 30 "SSH_ASKPASS='$lab/tech/alice/ssh/answer' SSH_ASKPASS_REQUIRE=force ssh -F '$lab/tech/alice/ssh/config' -o ControlMaster=yes -o ControlPath='$work/alice.ctl' '$where'; exec sleep 600" &&
    wait_for "alice to be back" here 3
}
holds_files() {
  share_alice && echo first >"$work/first" && sftp_of <<<"put $work/first" && expect "files move" test -s "$home/first" || return 1
  program agent pause --data "$lab/agent" "$id" --tool files >/dev/null && see bruno "paused the tool files" || return 1
  echo second >"$work/second"
  sftp_of <<<"put $work/second" &
  local moving=$!
  started+=("$moving")
  type_line bruno 'echo still-ty"ping"' && see bruno still-typing && expect "the file waits" test ! -e "$home/second" &&
    program agent resume --data "$lab/agent" "$id" --tool files >/dev/null && wait "$moving" && expect "it has come" test -s "$home/second"
}
promise "one tool is held alone: the file waits, the terminal goes on" holds_files

hands_over() {
  says "$(front bruno handover "$id" bruno 2>&1)" "person in charge, alice" || return 1
  says "$(front alice handover "$id" tech3 2>&1)" "not the other operator" || return 1
  front alice handover "$id" bruno && see bruno "is in charge from now on"
}
promise "the person in charge hands over, and only to the other operator" hands_over
reports() {
  front bruno finish "$id" && wait_for "the end" in_state bruno "$id" ENDED || return 1
  says "$(front alice report "$id" --tasks "'Relance faite, page de test imprimee.'" --outcome SOLVED 2>&1)" "person in charge, bruno" || return 1
  front bruno report "$id" --tasks "'Relance faite, page de test imprimee.'" --outcome SOLVED --cleanup DONE
}
promise "who is in charge at the end writes the report" reports
in_record() {
  local all
  all=$(records_of agent "$id")
  jq -e '[.. | objects | select(.type? == "typist")] | length == 2' <<<"$all" >/dev/null || { echo "two choices of who acts"; return 1; }
  jq -e '[.. | objects | select(.type? == "pause" and .tool? == "files")] | length == 2' <<<"$all" >/dev/null || { echo "the tool held and resumed"; return 1; }
  jq -e '[.. | objects | select(.type? == "handover")] | length == 1' <<<"$all" >/dev/null || { echo "the handover"; return 1; }
  jq -e '[.. | objects | select(.type? == "intervention")][0].person_in_charge.login == "bruno"' <<<"$(records_of gateway "$id")" >/dev/null || { echo "bruno in charge in the main courante"; return 1; }
}
promise "the record says who acted, what was held, and who was in charge" in_record
promise "both records verify" both_verify
end_of_scenario
