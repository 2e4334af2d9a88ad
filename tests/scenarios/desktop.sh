#!/usr/bin/env bash
# The desktop: a real display shown by x11vnc, and one made for the session by Xtigervnc, through the sealed
# path to a stock ssh's -L and a VNC client from Debian; looking without acting; pause, stop and a killed
# agent. Afterwards nothing listens, no process and no file of it is left (requirements A02, A32).
# Needs: x11vnc, tigervnc-standalone-server, tigervnc-viewer, xvfb, xterm, xdotool.
. "$(dirname "$0")/harness.sh"
lab_for_scenario 2
home=$lab/home blue=336699
unset SSH_AUTH_SOCK DISPLAY XAUTHORITY

# ---- the practice's display, with a terminal on it that keeps what is typed ----
screen_of() { # NAME: a display of our own; its number in $work/NAME.display
  Xvfb -noreset -displayfd 3 -screen 0 800x600x24 -nolisten tcp 3>"$work/$1.display" >"$work/$1.log" 2>&1 &
  started+=($!)
  wait_for "the display $1" test -s "$work/$1.display"
}
screen_of practice
practice_display=:$(cat "$work/practice.display") typed=$work/typed
: >"$typed"
DISPLAY=$practice_display xterm -bg "#$blue" -b 20 -geometry 80x24+0+0 -e sh -c "stty -echo; exec cat >>'$typed'" >/dev/null 2>&1 & started+=($!)
terminal_is_there() { DISPLAY=$practice_display xdotool search --onlyvisible --class XTerm; }
wait_for "a terminal on the practice's display" terminal_is_there
DISPLAY=$practice_display xdotool mousemove 200 150
by_hand() { DISPLAY=$practice_display xdotool type --delay 1 "$1" && DISPLAY=$practice_display xdotool key Return; } # somebody at the practice's own keyboard

prefix=$(session_prefix)
cat >>"$lab/agent/systems.toml" <<EOF
[[system]]
id = "accueil"
label = "Poste d'accueil"
hosting = "local"
[system.desktop]
label = "Écran de l'accueil"
display = "$practice_display"
[[system]]
id = "bureau"
label = "Bureau de maintenance"
hosting = "local"
[system.desktop]
label = "Bureau de la session"
geometry = "900x700"
prefix = [${prefix%, }]
start = ["xterm", "-bg", "#$blue", "-b", "20", "-geometry", "80x24+0+0", "-e", "sh", "-c", "stty -echo; exec cat >>$home/typed"]
[[system]]
id = "temoin"
label = "Poste témoin"
hosting = "local"
[system.desktop]
label = "Écran témoin"
command = ["sh", "-c", "cp \"\$1\" '$work/password.file'; exec x11vnc -display $practice_display -rfbport \$2 -rfbauth \"\$1\" -localhost -no6 -noipv6 -forever -shared -quiet", "sh", "{password_file}", "{port}"]
[[system]]
id = "absent"
label = "Poste sans serveur"
hosting = "local"
[system.desktop]
label = "Écran absent"
command = ["$work/no-such-vnc", "{port}", "{password_file}"]
EOF
stop_daemon agent
start_agent
wait_for "the practice's link" link_is_up

# ---- words of this scenario ----
client() { timeout 120 /usr/bin/python3 tests/scenarios/rfb_client.py "$@"; }
forward_of() { # LOGIN: the -L as `config` prints it, on a port of ours; its number in $work/LOGIN.port
  local port
  port=$(free_port)
  echo "$port" >"$work/$1.port"
  tssh "$1" -N -f "$where" </dev/null 2>>"$work/ssh.log" && ssh -F "$lab/tech/$1/ssh/config" -O forward -L "127.0.0.1:$port:desktop:5900" "$where"
}
port() { cat "$work/$1.port"; }
begin() { # SYSTEM [request options…]: alice's session there, and her forward
  system_id=$1
  shift
  where=$system_id.$practice
  id=$(open_session alice --tools desktop "$@") && echo "$id" >"$work/id" && echo "$where" >"$work/where" && forward_of alice
}
now_in() { id=$(cat "$work/id") where=$(cat "$work/where") system_id=${where%%.*}; }  # a promise runs in a shell of its own
events() { records_of agent "$id" | jq -c ".records[].fields | select($1)"; }
tried() { events '.type=="attempt"' | grep -F -- "$1"; }
written() { [ -n "$(events "$1")" ]; }
session_pids() { grep -lzs "PONTLEVIS_SESSION=$id" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }
server_pid() { local pid; for pid in $(session_pids); do case $(cat "/proc/$pid/comm" 2>/dev/null) in x11vnc | Xtigervnc) echo "$pid" ;; esac; done; }
listens() { ss -Hltnp | grep -F "pid=$1,"; }
vnc_port() { listens "$(server_pid)" | sed -E 's/.*127\.0\.0\.1:([0-9]+) .*/\1/' | head -1; }
folders() { find /dev/shm /tmp -maxdepth 1 -name 'pontlevis-desktop-*' 2>/dev/null; }
files() { find $(folders) -name password 2>/dev/null; }
kept() { grep -qxF -- "$1" "$typed"; }
gone() { [ "$(session_processes "$id")" = 0 ] && [ -z "$(listens "$(cat "$work/server")")" ] && [ ! -e "$(cat "$work/folder")" ]; }
folder_of_session() { tr '\0' '\n' </proc/"$(server_pid)"/cmdline | grep -o '/[a-z/]*pontlevis-desktop-[0-9a-f]*' | head -1; }
note_server() { server_pid >"$work/server" && folder_of_session >"$work/folder" && [ -s "$work/server" ]; }
stop() { program agent stop "$id" --data "$lab/agent" >/dev/null; }

# ---- a display that runs ----
promise "a session with the desktop opens, and a forward leads there" begin accueil
now_in
printed() { says "$(front alice config "$id")" "ssh -N -L 5901:desktop:5900 accueil.$practice"; }
promise "config prints how to get there" printed
no_server_yet() { expect "no VNC server" [ -z "$(server_pid)" ]; }
promise "before the first client no VNC server runs" no_server_yet
mkfifo "$work/acts"
client "$(port alice)" until 300 200 "$blue" shot "$work/practice.ppm" - <"$work/acts" >"$work/client.log" 2>&1 & started+=($!)
exec 8>"$work/acts"
shot() { wait_for "the screen" grep -qx shot "$work/client.log" && note_server && expect "a whole picture" [ "$(wc -c <"$work/practice.ppm")" -gt 1440000 ]; }
promise "a VNC client sees the practice's display" shot
types() { echo 'type bonjour' >&8 && wait_for "what was typed" kept bonjour; }
promise "what it types arrives in the terminal on that display" types
loopback_only() {
  local all
  all=$(listens "$(server_pid)") && expect "one port" [ "$(wc -l <<<"$all")" = 1 ] && says "$all" "127.0.0.1:"
}
promise "the VNC server listens on loopback alone" loopback_only
no_file() { expect "no password file" [ -z "$(files)" ]; }
promise "while it serves, no password file exists" no_file
stranger() {
  local said
  said=$(client "$(vnc_port)" 2>&1) && { echo "it opened: $said"; return 1; }
  says "$said" "PermissionError: security types [2]"
}
promise "on the VNC port itself nobody enters without its password" stranger
again() { client "$(port alice)" type encore && wait_for "what was typed" kept encore && expect "one server" [ "$(server_pid | wc -l)" = 1 ]; }
promise "a second client shares the one server" again
strange_words() { # xvp: power off
  client "$(port alice)" raw fa000102 stay
  wait_for "its record" tried "a message of type 250"
}
promise "a message of no known kind ends the connection and is recorded" strange_words

# ---- pause ----
hold() { program agent status --data "$lab/agent" --json | jq -er --arg id "$id" ".interventions[]|select(.intervention==\$id).session.hold"; }
held() { [ "$(hold)" != NONE ]; }
flows() { [ "$(hold)" = NONE ]; }
shots() { grep -cx shot "$work/client.log"; }
paused() {
  program agent pause "$id" --data "$lab/agent" >/dev/null && wait_for "the pause" held || return 1
  echo 'type retenu' >&8 && echo "shot $work/held.ppm" >&8 && by_hand pendant-la-pause && wait_for "the practice's own keys" kept pendant-la-pause &&
    refute "what was typed in the pause" kept retenu && expect "one picture, the one before" [ "$(shots)" = 1 ]
}
promise "a pause holds the screen, and drops the keys" paused
goes_on() {
  program agent resume "$id" --data "$lab/agent" >/dev/null && wait_for "the end of the pause" flows &&
    wait_for "the picture" [ -s "$work/held.ppm" ] && echo 'type apres' >&8 && wait_for "what is typed now" kept apres && refute "what was typed in the pause" kept retenu
}
promise "resumed, the screen goes on and nothing typed before happens" goes_on

# ---- a VNC client as Debian ships it, on a screen of its own ----
screen_of desk
viewer() {
  DISPLAY=:$(cat "$work/desk.display") HOME=$work timeout 300 xtigervncviewer -Shared -RemoteResize=0 "127.0.0.1::$(port alice)" >"$work/viewer.log" 2>&1 &
  echo $! >"$work/viewer.pid"
}
viewer
started+=("$(cat "$work/viewer.pid")")
on_desk() { DISPLAY=:$(cat "$work/desk.display") xdotool "$@"; }
viewer_window() { on_desk search --onlyvisible --name 'TigerVNC' | tail -1 | grep .; }
by_viewer() {
  wait_for "the viewer's window" viewer_window || { cat "$work/viewer.log"; return 1; }
  local i
  # Its window takes keys once it has painted and been given the focus; a line too many does no harm.
  for i in $(seq 20); do
    on_desk windowfocus "$(viewer_window)" mousemove 200 150 && on_desk type --delay 5 "par-tigervnc" && on_desk key Return
    (lab=$lab; for _ in 1 2 3 4 5; do kept par-tigervnc && exit 0; sleep 0.1; done; exit 1) && return 0
  done
  cat "$work/viewer.log" "$typed"
  return 1
}
promise "TigerVNC's viewer works on it, keys and all" by_viewer

ends() { stop && wait_for "server, port and folder to be gone" gone; }
promise "stop ends it: no process, nothing listens, no folder" ends
exec 8>&-
told() {
  local all
  all=$(events '.type=="forward"') && says "$all" '"desktop"' && says "$all" "Écran de l'accueil" &&
    expect "x11vnc in the count of what was ended" [ "$(records_of agent "$id" | jq '[.fields.processes_ended[]?|select(.name=="x11vnc" or .program=="x11vnc")]|length')" -ge 1 ] &&
    expect "nothing left" [ "$(records_of agent "$id" | jq -c .fields.processes_left)" = "[]" ]
}
promise "the record says who used it, what went in and out, and what was ended" told

# ---- looking alone ----
promise "a session to look opens" begin accueil --access VIEW
now_in
only_looks() {
  client "$(port alice)" type interdit shot "$work/view.ppm" && note_server && by_hand apres-le-regard && wait_for "the practice's own keys" kept apres-le-regard &&
    refute "a key without CONTROL" kept interdit && tr '\0' ' ' <"/proc/$(server_pid)/cmdline" >"$work/view.argv"
  says "$(cat "$work/view.argv")" "-viewonly"
}
client "$(port alice)" stay >/dev/null 2>&1 & started+=($!)
serves() { [ -n "$(vnc_port)" ]; }
wait_for "the server" serves
promise "without CONTROL the screen comes and no key goes, by the agent and by the server" only_looks
promise "stop ends that too" ends

# ---- the password is nowhere ----
promise "a session with a witness in the server's place opens" begin temoin
now_in
client "$(port alice)" until 300 200 "$blue" stay >"$work/witness.log" 2>&1 & started+=($!)
nowhere() {
  wait_for "a client in" grep -q until "$work/witness.log" && note_server || return 1
  /usr/bin/python3 - "$work/password.file" "$lab" <<'EOP'
import glob, os, sys
try: from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError: from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
kept = open(sys.argv[1], "rb").read()
key = bytes(int(f"{b:08b}"[::-1], 2) for b in (23, 82, 107, 6, 35, 78, 88, 7))
password = Cipher(TripleDES(key * 3), modes.ECB()).decryptor().update(kept)
assert len(password) == 8 and password.isascii() and password.decode().isprintable(), password
found, looked = [], 0
for name in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ") + [os.path.join(d, f) for d, _, fs in os.walk(sys.argv[2]) for f in fs]:
    try: data = open(name, "rb").read() if not os.path.islink(name) and (name.startswith("/proc") or os.path.isfile(name)) else b""
    except OSError: continue
    looked += 1
    if password in data or kept in data: found.append(name)
assert looked > 50, looked
assert not found, found
EOP
}
promise "its password is in no argument, environment, log or record" nowhere
promise "stop ends that one" ends

# ---- a display made for the session, as another user ----
promise "a session with a display of its own opens" begin bureau
now_in
mkfifo "$work/acts2"
client "$(port alice)" until 300 200 "$blue" shot "$work/made.ppm" - <"$work/acts2" >"$work/made.log" 2>&1 & started+=($!)
exec 8>"$work/acts2"
own_display() {
  wait_for "its picture" grep -qx shot "$work/made.log" && note_server && says "$(head -1 "$work/made.log")" "in 900x700" &&
    echo 'type chez-soi' >&8 && wait_for "what was typed" grep -qx chez-soi "$home/typed" || { cat "$work/made.log"; return 1; }
}
promise "Xtigervnc shows it, with the program of the inventory, and keys arrive" own_display
made_display=$(tr '\0' '\n' <"/proc/$(server_pid)/cmdline" | grep -x ':[0-9]*')
not_for_others() {
  expect "a display's number" [ -n "$made_display" ] && refute "a look without its key" env -u XAUTHORITY HOME=/nonexistent DISPLAY="$made_display" xdotool getmouselocation
}
promise "other users of the machine do not get onto it" not_for_others
as_user() { [ "$(id -u)" != 0 ] || expect "the server's user" [ "$(stat -c %u "/proc/$(server_pid)")" = 65534 ]; }
promise "the server runs as the user of the inventory" as_user
no_leftover() { ends && expect "no socket" [ ! -e "/tmp/.X11-unix/X${made_display#:}" ] && expect "no lock" [ ! -e "/tmp/.X${made_display#:}-lock" ]; }
promise "stop ends it, and the display leaves no socket and no lock" no_leftover
exec 8>&-

# ---- nobody looks any more; a killed agent; a missing program; a pair ----
promise "a session opens" begin accueil
now_in
last_one_left() {
  client "$(port alice)" shot "$work/once.ppm" && wait_for "the record of the forward" written '.type=="forward"' && wait_for "no server" no_server_now && expect "no folder" [ -z "$(folders)" ]
}
no_server_now() { [ -z "$(server_pid)" ] && [ "$(session_processes "$id")" = 0 ]; }
promise "when the last client has gone, the server goes" last_one_left
client "$(port alice)" shot "$work/again.ppm" stay >"$work/again.log" 2>&1 & started+=($!)
crash() {
  wait_for "a client in" grep -qx shot "$work/again.log" && note_server && kill -KILL "$(cat "$lab/agent.pid")" && wait_for "server, port and folder to be gone" gone
}
promise "when the agent is killed, server, port and folder go as well" crash
back() { rm -f "$lab/agent.pid" && start_agent && wait_for "the practice's link" link_is_up; }
promise "the agent comes back" back

missing() {
  local said
  said=$(program agent check --data "$lab/agent" 2>&1) && { echo "check was content"; return 1; }
  says "$said" "the desktop of \`absent\` needs $work/no-such-vnc" && says "$said" "hint:"
}
promise "check names the program that is missing" missing
missing_said() {
  begin absent && id=$(cat "$work/id") && where=$(cat "$work/where") || return 1
  client "$(port alice)" 2>&1
  wait_for "its record" tried "no-such-vnc: not found" && expect "nothing left" [ -z "$(folders)" ] && stop
}
promise "asked for all the same, it is refused with the reason in the record" missing_said
not_granted() {
  system_id=serveur where=serveur.$practice
  id=$(open_session bruno --tools shell) && forward_of bruno || return 1
  client "$(port bruno)" 2>&1 && return 1
  wait_for "its record" tried "forward to desktop:5900" && stop
}
promise "where it was not consented to, the forward is refused and recorded" not_granted

together() {
  system_id=accueil where=accueil.$practice
  id=$(ask alice --tools desktop --pair bruno) && approve "$id" && use_config alice "$id" && use_config bruno "$id" && forward_of alice || return 1
  client "$(port alice)" type a-deux stay >"$work/pair.log" 2>&1 & echo $! >"$work/pair.pid"
  wait_for "the hold" held && expect "no server while one is alone" [ -z "$(server_pid)" ] && expect "no screen" [ ! -s "$work/pair.log" ] &&
    forward_of bruno && client "$(port bruno)" shot "$work/pair.ppm" && wait_for "what alice typed" kept a-deux && expect "one server" [ "$(server_pid | wc -l)" = 1 ] && note_server && ends
  local status=$?
  kill "$(cat "$work/pair.pid")" 2>/dev/null
  return $status
}
promise "in a pair nothing is shown to one alone, and both share one server" together
promise "both records verify" both_verify
[ -n "${PONTLEVIS_SHOTS:-}" ] && cp "$work"/*.ppm "$PONTLEVIS_SHOTS/"   # a folder, to look at what was seen
end_of_scenario
