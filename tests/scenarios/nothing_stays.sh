#!/usr/bin/env bash
# Nothing listens at the practice but loopback, and nothing of a session is left when it has ended:
# no process however it hid, no socket, no password in memory. And the limit of that, shown: what a
# permitted shell wrote (a file, a line for cron) stays, since the practice allowed it to write.
. "$(dirname "$0")/harness.sh"
lab_for_scenario 2
agent=$(cat "$lab/agent.pid")

descendants() { # PID: itself and everything below it
  local pid
  echo "$1"
  for pid in $(pgrep -P "$1"); do descendants "$pid"; done
}
listens_on_loopback_only() {
  local pids all
  pids=$(descendants "$agent" | paste -sd'|')
  all=$(ss -Hltnp | grep -E "pid=($pids),")
  expect "the agent's own page listens" test -n "$all" || return 1
  ! grep -vE '^LISTEN +[0-9]+ +[0-9]+ +(127\.[0-9.]+|\[::1\]):[0-9]+ ' <<<"$all" || { echo "listens beyond loopback: $all"; return 1; }
  all=$(ss -Hlunp | grep -E "pid=($pids),") && { echo "listens for datagrams: $all"; return 1; }
  return 0
}
sockets() { find "/proc/$agent/fd" -lname 'socket:*' 2>/dev/null | wc -l; }
terminals() { find "/proc/$agent/fd" \( -lname '/dev/ptmx' -o -lname '/dev/pts/*' -o -lname 'pipe:*' \) 2>/dev/null | wc -l; }
seen() { # FIELD ID: of the practice's own record
  records_of agent "$2" | jq -r --arg f "$1" '.fields[$f]'
}
ended_here() { [ "$(records_of agent "$1" | jq -r .fields.end_cause)" != null ]; }
outside() { # SECRET…: how often the agent's memory holds it, in any readable map
  python3 - "$agent" "$1" <<'PY'
import sys
pid, secret = sys.argv[1], sys.argv[2]
needles = {secret.encode(), secret.replace("-", "").encode()}
found = 0
with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
    for line in maps:
        span, mode, _, _, inode = line.split()[:5]
        if "r" not in mode or "w" not in mode: continue
        at, end = (int(x, 16) for x in span.split("-"))
        if end - at > 1 << 28: continue   # the shadow of a checked build: address space, no data
        tail = b""
        while at < end:
            try:
                memory.seek(at)
                block = memory.read(min(1 << 22, end - at))
            except (OSError, ValueError): break   # a guard page, or memory never touched
            if not block: break
            block = tail + block
            found += sum(block.count(n) for n in needles)
            tail = b""
            at += 1 << 22
print(found)
PY
}
# The checked build fills freed memory late and keeps it aside, so only a release build can be held to zero.
is_checked_build() { grep -qa __asan_init "$bin/pontlevis-agent"; }

promise "before a session only loopback listens" listens_on_loopback_only

begin() {
  local id
  sockets >"$work/sockets" && terminals >"$work/terminals"
  id=$(open_session alice --tools shell,files) && echo "$id" >"$work/id"
}
promise "a session is open" begin
id=$(cat "$work/id")
password_is_there() { expect "the password is in the agent's memory while it waits" test "$(outside "$(cat "$lab/tech/alice/heard")")" -gt 0; }
[ "$(id -u)" = 0 ] && promise "the search in memory finds a password that waits" password_is_there

hide() { # what a careless or a sly program does to outlive its session
  inside alice 'exec >/dev/null 2>&1 </dev/null
    nohup sleep 301 & setsid sleep 302 & (setsid sh -c "sleep 303 & sleep 304" &)
    (trap "" HUP TERM INT; sleep 305 & wait) & sh -c "trap \"\" HUP; (setsid nohup sleep 306 &) &" & env -i setsid sh -c "(sleep 307 &)" &
    sleep 0.2'
  wait_for "all of them to run" sh -c "[ \$(pgrep -cf '^sleep 30[1-7]\$') -ge 7 ]"
}
hidden() { pgrep -cf '^sleep 30[1-7]$'; }
promise "programs detach in every way a shell knows" hide
promise "during a session only loopback listens" listens_on_loopback_only

stop() {
  local said
  tssh alice "$system_id.$practice" -tt 'vi /dev/null' </dev/null >/dev/null 2>&1 &
  started+=($!)
  wait_for "an editor in a terminal" sh -c "[ \$(grep -lzs 'PONTLEVIS_SESSION=$id' /proc/[0-9]*/environ | wc -l) -ge 1 ]"
  said=$(program agent stop --data "$lab/agent" "$id") || return 1
  expect "no process of it" test "$(session_processes "$id")" = 0 && expect "no hidden one" test "$(hidden)" = 0
}
promise "when stop answers, no process of the session is alive" stop
counted() {
  local total
  total=$(records_of agent "$id" | jq '[.fields.processes_ended[]?.count] | add')
  expect "7 or more counted, it was $total" test "$total" -ge 7 && expect "none left" test "$(seen processes_left "$id")" = "[]"
}
promise "the record counts what was ended, and that nothing is left" counted
quick() {
  local ms
  ms=$(seen cut_latency_ms "$id")
  echo "$ms" >"$work/cut"
  expect "dead in less than a second on a busy machine (tests/bench/relay holds the bar of 200 ms), it was $ms" test "$ms" -lt 1000
}
promise "from stop to dead at once" quick
no_sockets() { [ "$(sockets)" -le "$(cat "$work/sockets")" ] && [ "$(terminals)" -le "$(cat "$work/terminals")" ]; }
nothing_held() { (wait_for "what it held to be given back" no_sockets) || { ls -l "/proc/$agent/fd"; return 1; }; }
promise "the agent holds no socket, terminal or pipe more than before" nothing_held
forgotten() { expect "the password is nowhere in the agent's memory" test "$(outside "$(cat "$lab/tech/alice/heard")")" = 0; }
if [ "$(id -u)" = 0 ] && ! is_checked_build; then
  promise "the used password is gone from memory" forgotten
else
  echo "# the used password, in a build that keeps freed memory: found $(outside "$(cat "$lab/tech/alice/heard")" 2>/dev/null || echo '?') times"
fi
promise "after a session only loopback listens" listens_on_loopback_only

unused() { # a password that nobody used ends with its session too
  local other
  other=$(open_session bruno --tools shell) || return 1
  echo "$other" >"$work/other"
  program agent stop --data "$lab/agent" "$other" >/dev/null
}
promise "a session that nobody entered is stopped" unused
unused_forgotten() { expect "the unused password is nowhere in memory" test "$(outside "$(cat "$lab/tech/bruno/heard")")" = 0; }
if [ "$(id -u)" = 0 ] && ! is_checked_build; then promise "the unused password is gone from memory" unused_forgotten
else echo "# the unused password: found $(outside "$(cat "$lab/tech/bruno/heard")" 2>/dev/null || echo '?') times"; fi

finish() {
  local third
  third=$(open_session bruno --tools shell) || return 1
  inside bruno 'exec >/dev/null 2>&1 </dev/null; nohup sleep 301 & setsid sleep 302 & sleep 0.1' || return 1
  expect "both outlive their command" test "$(hidden)" -ge 2
  front bruno finish "$third" || return 1
  wait_for "the end" ended_here "$third"
  expect "no process of it" test "$(session_processes "$third")" = 0 && expect "no hidden one" test "$(hidden)" = 0
  expect "ended as done" test "$(seen end_cause "$third")" = DONE && nothing_held
}
promise "after finish nothing is left either" finish

# ---- the limit (docs/threat-model.md): what was written, not what runs ----
file_stays() {
  local fourth
  fourth=$(open_session alice --tools shell) && inside alice 'echo "* * * * * true" >left-behind' </dev/null && program agent stop --data "$lab/agent" "$fourth" >/dev/null || return 1
  expect "the file it wrote" test -s "$lab/home/left-behind" && expect "no process of it" test "$(session_processes "$fourth")" = 0
}
promise "a file that a permitted shell wrote stays: known, and said" file_stays
no_own_cron() { [ "$(id -u)" = 0 ] && command -v crontab >/dev/null && ! crontab -u nobody -l >/dev/null 2>&1; }
cron_line_stays() {
  local fifth outcome
  fifth=$(open_session bruno --tools shell) && echo "$fifth" >"$work/fifth" || return 1
  inside bruno 'echo "0 0 1 1 * true # left by a session" | crontab -' </dev/null && program agent stop --data "$lab/agent" "$fifth" >/dev/null &&
    expect "its line for cron" grep -q 'left by a session' <<<"$(crontab -u nobody -l)" && expect "no process of it" test "$(session_processes "$fifth")" = 0
  outcome=$?
  crontab -u nobody -r 2>/dev/null
  return $outcome
}
if no_own_cron; then promise "a line for cron stays: known, and said" cron_line_stays
else echo "ok - a line for cron stays: known, and said # SKIP needs root, crontab, and a user nobody without lines of their own"; fi
promise "both records verify" both_verify
echo "# from stop to dead: $(cat "$work/cut") ms"
end_of_scenario
