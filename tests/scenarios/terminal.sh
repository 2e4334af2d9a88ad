#!/usr/bin/env bash
# A person at a real terminal (tmux holds it): editors, signals, sizes, accents; and the practitioner
# who watches, pauses, lets go on and stops. Needs: openssh-client, tmux, vim-tiny, procps.
. "$(dirname "$0")/harness.sh"
lab_for_scenario 1
where=$system_id.$practice home=$lab/home conf=$lab/tech/alice/ssh/config
unset TMUX

# ---- the terminal: what is on it, and a person's hands ----
tm() { tmux -S "$work/tmux" -f /dev/null "$@"; }
screen() { tm capture-pane -p -t desk 2>/dev/null; }
reads() { screen | grep -qF -- "$1"; }
see() { (wait_for "on the screen: $1" reads "$1") || { screen; return 1; }; }
keys() { tm send-keys -t desk "$@"; }
# A full-screen program throws away what is typed while it leaves: so a person waits for the prompt.
at_prompt() { [ "$(screen | grep . | tail -1)" = ">" ]; }
back_at_prompt() { (wait_for "the prompt" at_prompt) || { screen; return 1; }; }
type_line() { tm send-keys -t desk -l -- "$1" && keys Enter; }
# What a line prints, never the line itself: the words are joined by the shell at the practice.
run_line() { type_line "$1; echo 'd'one-\$?-$2" && see "done-$3-$2"; }
on_terminal() { # starts the client in a terminal of 80×24
  tm -u new-session -d -s desk -x 80 -y 24 \
    "SSH_ASKPASS='$lab/tech/alice/ssh/answer' SSH_ASKPASS_REQUIRE=force LC_ALL=C.UTF-8 TERM=screen ssh -F '$conf' -o ControlPath=none '$where'; echo client-left-with-\$?; exec sleep 600" &&
    tm set-option -g remain-on-exit on && started+=("$(tm display-message -p '#{pid}')")
}
leave_terminal() { tm kill-server 2>/dev/null; true; }
trap 'leave_terminal; leave' EXIT

id=$(open_session alice --tools shell) || { echo "not ok - a session opens"; broken=1; exit 1; }
events() { records_of agent "$id" | jq -c ".records[].fields | select($1)"; }
hold() { program agent status --data "$lab/agent" --json | jq -er --arg id "$id" '.interventions[]|select(.intervention==$id).session.hold'; }
held() { [ "$(hold)" = "$1" ]; }
connected() { program agent status --data "$lab/agent" --json | jq -e --arg id "$id" 'any(.interventions[]; .intervention==$id and (.session.connected|index("alice")))' >/dev/null; }
recorded() { events "$1" | grep -q .; }

opens() {
  on_terminal && wait_for "her to be connected" connected && type_line 'PS1="> "; echo pre"sent"' && see present
}
promise "ssh gives a terminal at the practice" opens

# ---- work in it ----
a_real_tty() { run_line 'tty | grep -c /dev/pts/; echo $TERM' tty 0 && see screen; }
promise "it is a real terminal, of the client's kind" a_real_tty
edits() {
  local editor
  # Its own word about the file, not the command line's echo: only then does it read the keyboard.
  editor=$(command -v vim.tiny || command -v vim || command -v vi)
  type_line "clear; $editor -n -u NONE note.txt" && see '"note.txt" [New' && keys i && tm send-keys -t desk -l 'première ligne' && keys Enter &&
    tm send-keys -t desk -l 'seconde' && see seconde && keys Escape && type_line ':wq' && back_at_prompt && run_line 'clear' vim 0 &&
    expect "what was typed is in the file" [ "$(cat "$home/note.txt")" = $'première ligne\nseconde' ]
}
promise "vim edits and saves a file" edits
tops() { type_line 'top' && see 'load average' && see 'PID' && keys q && back_at_prompt && run_line 'clear' top 0; }
promise "top runs and quits" tops
resizes() {
  run_line 'stty size' before 0 && see '24 80' && tm resize-window -t desk -x 133 -y 41 || return 1
  # The new size crosses the network in its own time.
  type_line 'until [ "$(stty size)" = "41 133" ]; do sleep 0.1; done; echo size-$(stty size | tr " " x)' && see 'size-41x133'
}
promise "the size of the window follows" resizes
interrupts() {
  type_line "sh -c 'echo sta\"rted\"; exec sleep 100'" && see started && keys C-c && run_line 'echo "status $?"' int 0 && see 'status 130'
}
promise "Ctrl-C interrupts" interrupts
suspends() { type_line "clear; sh -c 'echo go\"ing\"; exec sleep 100'" && see going && keys C-z && see Stopped && type_line 'clear; fg' && see 'exec sleep 100' && keys C-c && run_line 'echo "status $?"' fg 0 && see 'status 130'; }
promise "Ctrl-Z suspends, and fg goes on" suspends
accents() { run_line "clear; echo 'éàü€'; printf '%s' 'éàü€' | od -An -tx1" utf 0 && see 'éàü€' && see 'c3 a9 c3 a0 c3 bc e2 82 ac'; }
promise "accents cross right, both ways" accents
erases() { tm send-keys -t desk -l 'clear; echo abÉ' && keys BSpace && type_line 'c"d"' && see abcd; }
promise "the erase key takes back a whole letter" erases

# ---- the practitioner looks ----
watch() { "$bin/pontlevis-agent" watch "$id" --data "$lab/agent" >"$work/seen" 2>&1 & watcher=$!; started+=($watcher); }
watch
seen() { grep -qF -- "$1" "$work/seen"; }
shown_live() {
  # Watching begins at some moment and shows what comes from then on: so she types until it is seen.
  typed_and_seen() { type_line 'echo shown-$((40+2))' && seen shown-42; }
  wait_for "the same at the practice" typed_and_seen && see shown-42 && run_line "clear; echo ém'u'e" live 0 &&
    wait_for "the same letters at the practice" seen émue
}
promise "watch shows what the operator sees" shown_live

# ---- one act each: pause, resume ----
pauses() {
  program agent pause "$id" --data "$lab/agent" && wait_for "the pause" held PAUSED && see '[pontlevis]' &&
    type_line 'touch typed-while-paused' && wait_for "the pause in the record" recorded '.type=="pause" and .event=="PAUSED"' &&
    expect "nothing typed goes in" test ! -e "$home/typed-while-paused"
}
promise "pause stops what is typed, and says so in the terminal" pauses
resumes() {
  program agent resume "$id" --data "$lab/agent" && wait_for "the session to go on" held NONE &&
    run_line 'echo going-on' resumed 0 && wait_for "its record" recorded '.type=="pause" and .event=="RESUMED"'
}
promise "resume lets it go on" resumes
promise "the practice sees the pause too" seen '[pontlevis]'

# ---- the end, by the operator: the exit code of the shell ----
exits() {
  type_line 'clear; exit 43' && see 'client-left-with-43' && wait_for "her to be gone" refute_quietly connected
}
refute_quietly() { ! "$@" >/dev/null 2>&1; }
promise "the shell's exit code is the client's" exits
kill "$watcher" 2>/dev/null
leave_terminal
promise "the session closes" finish_and_report alice "$id"

# ---- without --unwatched: while nobody watches, nothing is typed ----
watched() {
  id=$(ask alice --tools shell) && wait_for "the request" reaches_practice "$id" &&
    program agent approve --data "$lab/agent" "$id" --as dr-exemple --password-file "$lab/approver.password" --json >"$work/opened" &&
    jq -er '.passwords[0].password' "$work/opened" >"$lab/tech/alice/heard" && use_config alice "$id" && echo "$id" >"$work/id"
}
promise "a practitioner consents and means to watch" watched
id=$(cat "$work/id")
watch
promise "while somebody watches, she works" opens
kill "$watcher"
holds() {
  wait_for "the hold" held NOBODY_WATCHES && see '[pontlevis]' && type_line 'touch unseen; echo un"seen"' &&
    wait_for "the hold in the record" recorded '.type=="pause" and .event=="PAUSED"' && expect "nothing typed goes in" test ! -e "$home/unseen" &&
    refute "an answer" reads unseen
}
promise "when nobody has watched for a while, nothing typed goes in, and the terminal says why" holds
watch
goes_on() { wait_for "the session to go on" held NONE && run_line 'clear; echo going-on' again 0; }
promise "it goes on when somebody watches again" goes_on

# ---- stop: one act ----
stops() {
  type_line 'clear; sleep 1000 & setsid sleep 1000 & echo runn"ing"; sleep 1000' && see running && wait_for "her programs" test "$(session_processes "$id")" -gt 0 &&
    program agent stop "$id" --data "$lab/agent" >"$work/stopped" && see 'client-left-with-255' && see 'session has ended'
}
promise "stop ends it, and the terminal says so in a sentence" stops
told() { wait_for "the practice to read it" grep -q "$1" "$work/seen" && expect "the answer to stop" test -s "$work/stopped"; }
promise "the practice reads it too" told 'ended'
none_left() { [ "$(session_processes "$id")" = 0 ]; }
promise "no process remains of the session" wait_for "its programs to be gone" none_left
promise "both records verify" both_verify
end_of_scenario
