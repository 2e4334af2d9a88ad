#!/usr/bin/env bash
# A pair at two real terminals (tmux holds both), in one shared terminal at the practice: nothing is typed
# before both are in, both see the same, either types; one is killed, one is stopped, and what reaches the
# practice's terminal stops and goes on as the rule says (requirements A35).
. "$(dirname "$0")/harness.sh"
lab_for_scenario 2
where=$system_id.$practice home=$lab/home
. "$(dirname "$0")/desks.sh"
trap 'tm kill-server 2>/dev/null; leave' EXIT

opens() { id=$(ask alice --tools shell,files --pair bruno) && echo "$id" >"$work/id" && approve "$id" && use_config alice "$id" && use_config bruno "$id"; }
promise "a pair is asked for and consented to" opens
id=$(cat "$work/id")

alone() {
  desk_of alice 100 30 && wait_for "alice to be in" here 1 && wait_for "the hold" held PAIR_INCOMPLETE && type_line alice 'touch typed-alone' &&
    expect "nothing typed alone arrives" test ! -e "$home/typed-alone"
}
promise "one of a pair alone types nothing" alone
together() {
  desk_of bruno 80 24 && wait_for "bruno to be in" here 2 && wait_for "input to flow" held NONE && type_line bruno 'PS1="> "; echo from-br"uno"' &&
    see alice from-bruno && see bruno from-bruno && type_line alice 'echo from-al"ice"' && see bruno from-alice && see alice from-alice
}
promise "together they share one terminal: both see, either types" together
one_program() {
  type_line alice 'echo pid-$$-' && see bruno "pid-" && expect "one shell" [ "$(screen alice | grep -o 'pid-[0-9]*-' | sort -u | wc -l)" = 1 ]
}
promise "it is one program" one_program
smallest() {
  type_line alice 'until [ "$(stty size)" = "24 80" ]; do sleep 0.1; done; echo size-$(stty size | tr " " x)' && see alice size-24x80 &&
    tm resize-window -t alice -x 70 -y 20 && type_line bruno 'until [ "$(stty size)" = "20 70" ]; do sleep 0.1; done; echo size-$(stty size | tr " " x)' && see bruno size-20x70
}
promise "its size is the smaller of the two, and follows" smallest

kill_client() { pkill -KILL -P "$(client_of "$1")" ssh 2>/dev/null || kill -KILL "$(client_of "$1")"; }
one_goes() {
  kill_client bruno && wait_for "bruno to be gone" here 1 && wait_for "the hold" held PAIR_INCOMPLETE && see alice "waiting for the second operator" &&
    type_line alice 'touch typed-while-alone; echo un"held"' && expect "nothing typed arrives" test ! -e "$home/typed-while-alone" && refute "an answer" reads alice unheld
}
promise "one is killed: input stops at once, and the other is told" one_goes
comes_back() {
  new_code_for bruno &&
    tm kill-session -t bruno && desk_of bruno 80 24 && wait_for "bruno to be back" here 2 && wait_for "input to flow" held NONE &&
    type_line bruno 'echo back-ag"ain"' && see alice back-again && see bruno back-again
}
promise "back with a new code, it goes on in the same terminal" comes_back

stalls() {
  local ssh_pid
  ssh_pid=$(pgrep -P "$(client_of bruno)" ssh | head -1)
  kill -STOP "$ssh_pid" && type_line alice 'clear; head -c 3000000 /dev/zero | tr "\0" x | fold -w 60; echo; echo all-thr"ough"' && see alice all-through
  local outcome=$?
  kill -CONT "$ssh_pid"
  return $outcome
}
promise "one who takes nothing for a while does not hold the other up" stalls
ends() { program agent stop "$id" --data "$lab/agent" >/dev/null && see alice client-left-with-255 && wait_for "its programs to be gone" test "$(session_processes "$id")" = 0; }
promise "stop ends both" ends
promise "both records verify" both_verify
end_of_scenario
