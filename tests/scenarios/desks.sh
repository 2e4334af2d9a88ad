# For scenarios with operators at real terminals (tmux holds them), after harness.sh and lab_for_scenario.
# Needs $where; $id where the session is asked after. A login in `at` runs its client by those words, such as
# another network namespace: at[bruno]="ip netns exec NAME".
unset TMUX
declare -A at=()

tm() { tmux -S "$work/tmux" -f /dev/null "$@"; }
screen() { tm capture-pane -p -t "$1" 2>/dev/null; }
reads() { screen "$1" | grep -qF -- "$2"; }
see() { (wait_for "on the screen of $1: $2" reads "$1" "$2") || { screen "$1"; return 1; }; }
type_line() { tm send-keys -t "$1" -l -- "$2" && tm send-keys -t "$1" Enter; }
desk_of() { # LOGIN COLUMNS ROWS: starts their client
  tm -u new-session -d -s "$1" -x "$2" -y "$3" \
    "SSH_ASKPASS='$lab/tech/$1/ssh/answer' SSH_ASKPASS_REQUIRE=force LC_ALL=C.UTF-8 TERM=screen ${at[$1]:-} ssh -F '$lab/tech/$1/ssh/config' -o ControlPath=none '$where'; echo client-left-with-\$?; exec sleep 600" &&
    tm set-option -g remain-on-exit on && started+=("$(tm display-message -p '#{pid}')")
}
client_of() { tm list-panes -t "$1" -F '#{pane_pid}' | head -1; }

status() { program agent status --data "$lab/agent" --json | jq -er --arg id "$id" ".interventions[]|select(.intervention==\$id).session$1"; }
held() { [ "$(status .hold)" = "$1" ]; }
here() { [ "$(status '.connected|length')" = "$1" ]; }
new_code_for() { # LOGIN: the practice reads out another one
  program agent code "$1" --data "$lab/agent" --as dr-exemple --password-file "$lab/approver.password" --json | jq -er .password >"$lab/tech/$1/heard"
}
