#!/usr/bin/env bash
# Input that is wrong: each is answered with what, where and a hint, or refused cleanly; the exit
# status is 2 for wrong usage and 1 for a refusal; the daemons live on.
. "$(dirname "$0")/harness.sh"
lab_for_scenario 1
gateway_pid=$(cat "$lab/gateway.pid") agent_pid=$(cat "$lab/agent.pid")

fails() { # STATUS WORDS COMMAND…
  local want=$1 words=$2 said status
  shift 2
  said=$(timeout 60 "$@" 2>&1 </dev/null)
  status=$?
  expect "exit status $want, it was $status: $said" test "$status" = "$want" && says "$said" "$words" || { echo "  by: $*"; return 1; }
}
live() { kill -0 "$gateway_pid" && kill -0 "$agent_pid" && link_is_up; }

usage() {
  local name
  for name in agent gateway certs audit; do fails 2 "" "$bin/pontlevis-$name" --no-such-option && fails 2 "" "$bin/pontlevis-$name" no-such-verb || return 1; done
  fails 2 "" "$bin/pontlevis-agent" approve --data "$lab/agent" && fails 1 "no intervention begins with" "$bin/pontlevis-agent" stop --data "$lab/agent" nothing
}
promise "an unknown option, verb or intervention" usage

toml() { # AGENT|GATEWAY FILE-TEXT LINE WORDS
  printf '%b' "$2" >"$work/bad.toml"
  fails 2 "$4" "$bin/pontlevis-$1" check --data "$lab/$1" --config "$work/bad.toml" && fails 2 "bad.toml:$3" "$bin/pontlevis-$1" check --data "$lab/$1" --config "$work/bad.toml"
}
agent_toml() {
  toml agent '[link]\ngrace_secs = 3\n' 2 grace_secs && toml agent '[page]\nport = "x"\n' 2 page.port && toml agent '[page]\nport = 99999\n' 2 page.port && toml agent '[page\n' 1 TOML
}
gateway_toml() {
  toml gateway '[vendor]\nname = "x"\n[limits]\nrelais = 3\n' 4 relais && toml gateway '[limits]\nrelays = "x"\n' 2 limits.relays &&
    toml gateway '[limits]\nrelays = 0\n' 2 limits.relays && toml gateway '[limits]\nrelays = = 1\n' 2 TOML
}
promise "agent.toml: file, line, key and a hint" agent_toml
promise "gateway.toml: file, line, key and a hint" gateway_toml

enroll() { # WORDS STATUS CODE [PRACTICE] [GATEWAY]
  (umask 077; echo "$3" >"$work/code")
  fails "$2" "$1" "$bin/pontlevis-agent" enroll --data "$work/new" --practice "${4:-$practice}" --gateway "${5:-localhost:$(ports gateway https)}" --code-file "$work/code"
}
mistyped() { local code last; code=$(head -1 "$lab/code.txt"); last=${code: -1}; enroll "code" 2 "${code%?}$([ "$last" = A ] && echo B || echo A)"; }
fresh_code() { # PRACTICE: prints it
  rm -f "$work/note"
  program certs code issue --staff-key "$lab/staff/staff.key" --trust "$lab/gateway/trust.json" --practice "$1" --out "$work/note" 2>/dev/null && program gateway code add --data "$lab/gateway" "$work/note" >/dev/null
}
other_practice() {
  program gateway practice add cabinet-autre --data "$lab/gateway" --name "Cabinet Autre" --contract C-2 --valid-from 2026-01-01 --valid-until 2030-12-31 >/dev/null
  enroll "" 1 "$(fresh_code cabinet-autre)"
}
other_gateway() { # a code that pins another gateway is refused before anything is sent
  program certs staff init --name staff.other.example --out "$work/staff" >/dev/null 2>&1
  program gateway init --data "$work/gateway" --vendor Autre --domain other.example --staff-vkey "$work/staff/staff.vkey" --host localhost >/dev/null
  local code
  code=$(program certs code issue --staff-key "$work/staff/staff.key" --trust "$work/gateway/trust.json" --practice "$practice" --out "$work/other.note" 2>/dev/null)
  enroll "" 1 "$code"
}
promise "an enrolment code with one wrong character" mistyped
promise "an enrolment code used twice" enroll "" 1 "$(head -1 "$lab/code.txt")"
promise "an enrolment code of another practice" other_practice
promise "an enrolment code of another gateway" other_gateway

said_by_front() { # STATUS WORDS COMMAND…
  local want=$1 words=$2 said status
  shift 2
  said=$(front alice "$@" 2>&1 </dev/null)
  status=$?
  expect "exit status $want, it was $status" test "$status" = "$want" && says "$said" "$words"
}
commands() {
  said_by_front 2 "open-sesame" open-sesame && said_by_front 2 "is not an option of 'status'" status --force &&
    said_by_front 2 "has no end" "request $system_id.$practice --reason 'never closed" &&
    said_by_front 2 "is missing" request "$system_id.$practice" && said_by_front 1 "social-security" request "$system_id.$practice" --ticket D --tasks "'Relancer la file'" \
      --reason "'Dossier de 1 84 12 76 451 089 46 a revoir'" && said_by_front 1 "no" status 00000000
}
promise "commands of the gateway: unknown, unfinished, incomplete, with a patient's number" commands
too_long() { local said; said=$(front alice "status $(head -c 9000 /dev/zero | tr '\0' a)" 2>&1) && return 1; says "$said" "longer than 8192 bytes"; }
promise "a command that is too long" too_long
no_files() { local said; said=$(as_tech alice sftp -F "$lab/tech/alice/ssh/config" -o BatchMode=no -b <(echo ls) pontlevis-gateway 2>&1) && return 1; says "$said" "this is the gateway"; }
promise "sftp to the gateway itself" no_files

cat >"$work/noise.py" <<'PY'
# Bytes that no honest peer sends, to each port; the peer must answer or close within its time.
import base64, json, os, socket, ssl, sys
lab, what = sys.argv[1:3]
ports = {n: json.load(open(f"{lab}/{n}/ports.json")) for n in ("gateway", "agent")}
def send(port, data, tls=None):
    raw = socket.create_connection(("127.0.0.1", port), 10)
    s = tls.wrap_socket(raw, server_hostname="localhost") if tls else raw
    s.settimeout(30)
    got = b""
    try:
        s.sendall(data)
        if not tls: s.shutdown(socket.SHUT_WR)
        while len(got) < 1 << 16:
            part = s.recv(4096)
            if not part: break
            got += part
            if tls and b"\r\n\r\n" in got: break   # an answer; the connection may stay for more
    except (ConnectionError, ssl.SSLError): pass
    finally: s.close()
    return got
plain = ssl.create_default_context(cafile=f"{lab}/gateway/keys/ca.pem")
def link(frames):
    """The agent's own certificate and a minimal WebSocket client; returns what came back."""
    keys = json.load(open(f"{lab}/agent/keys/link.json"))
    texts = [v for v in keys.values() if isinstance(v, str) and "-----BEGIN" in v]
    pem = os.path.join(os.path.dirname(lab), "link.pem")
    with open(os.open(pem, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f: f.write("\n".join(sorted(texts, key=lambda t: "KEY" not in t)))
    tls = ssl.create_default_context(cafile=f"{lab}/gateway/keys/ca.pem")
    tls.load_cert_chain(pem)
    s = tls.wrap_socket(socket.create_connection(("127.0.0.1", ports["gateway"]["https"]), 10), server_hostname="localhost")
    s.settimeout(30)
    s.sendall(b"GET /agent HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + base64.b64encode(os.urandom(16)) + b"\r\n\r\n")
    got = b""
    try:
        while b"\r\n\r\n" not in got: got += s.recv(4096) or exit("no upgrade")
        for f in frames: s.sendall(f)
        while True:
            part = s.recv(4096)
            if not part: break
            got += part
    except (ConnectionError, ssl.SSLError): pass
    return got
def text(data): # one masked text message, the mask being zero
    n = len(data)
    size = bytes([0x80 | n]) if n < 126 else bytes([0xfe]) + n.to_bytes(2, "big") if n < 65536 else bytes([0xff]) + n.to_bytes(8, "big")
    return b"\x81" + size + b"\0\0\0\0" + data
if what == "ssh":
    for data in (os.urandom(4096), b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-x\r\n" + os.urandom(4096), b"SSH-1.5-x\r\n", b"\0" * 100000, b""): send(ports["gateway"]["ssh"], data)
elif what == "https":
    for data in (b"NONSENSE\r\n\r\n", b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"POST /enrol HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", os.urandom(5000)):
        got = send(ports["gateway"]["https"], data, plain)
        assert not got or got.startswith(b"HTTP/1.1 4"), got[:100]
    send(ports["gateway"]["https"], os.urandom(5000))
    got = send(ports["gateway"]["https"], b"POST /enrol HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{\"a\":[1,]", plain)
    assert got.startswith(b"HTTP/1.1 4"), got[:100]
    for path in (b"/agent", b"/relay/" + b"0" * 32, b"/renew"):   # no certificate
        got = send(ports["gateway"]["https"], b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", plain)
        assert not got or got.startswith(b"HTTP/1.1 4"), got[:100]
elif what == "page":
    for data in (b"NONSENSE\r\n\r\n", b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", os.urandom(5000)):
        got = send(ports["agent"]["page"], data)
        assert not got or got.startswith(b"HTTP/1.1 4"), got[:100]
elif what == "link":
    for frames, words in (([text(b"garbage")], b"refused"), ([text(b'{"kind":"sesame"}')], b"refused"), ([text(b'{"kind":"drain","reason":"x"}')], b"refused"),
                          ([text(b'{"kind": "hello"}')], b"refused"), ([text(b"[" * 1000)], b"refused"), ([text(b"x" * 300000)], b""), ([b"\xff\xff" + os.urandom(60)], b"")):
        got = link(frames)
        assert got.startswith(b"HTTP/1.1 101"), got[:200]
        assert words in got, (frames[0][:40], got[-300:])
print("ok")
PY
for port in ssh https page link; do promise "noise on the $port" timeout 120 python3 "$work/noise.py" "$lab" "$port"; done
all_live() { wait_for "the agent's own link" link_is_up && expect "both daemons live, the link up" live; }
promise "after all that both daemons live and the link is up" all_live
works() { local id; id=$(open_session alice) && inside alice true && finish_and_report alice "$id" && both_verify; }
promise "and an intervention works" works
end_of_scenario
