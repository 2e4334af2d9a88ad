#!/usr/bin/env bash
# The technician's own tools, each as its maker ships it, reach the practice and do real work there.
# Needs: openssh-client, rsync, git, putty-tools, dropbear-bin, lftp, python3-paramiko.
. "$(dirname "$0")/harness.sh"
lab_for_scenario 2
where=$system_id.$practice home=$lab/home tcp_port=$(jq .tcp.port "$lab/lab.json")
alice=$lab/tech/alice conf=$lab/tech/alice/ssh/config key=$lab/tech/alice/ssh/id_ed25519 hosts=$lab/tech/alice/ssh/pontlevis_known_hosts
case $bin in */release/*) big_mb=${PONTLEVIS_BIG_MB:-512} ;; *) big_mb=${PONTLEVIS_BIG_MB:-64} ;; esac
unset SSH_AUTH_SOCK DISPLAY

# What the practice's `tcp:base` tool leads to here: whatever comes goes back.
/usr/bin/python3 - "$tcp_port" >"$work/echo.log" 2>&1 <<'EOP' &
import socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            self.request.sendall(data)
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
with socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Echo) as server:
    print("listening", flush=True)
    server.serve_forever()
EOP
started+=($!)
wait_for "the practice's database" grep -q listening "$work/echo.log"

same() { expect "$1 and $2 have the same SHA-256" [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ]; }
sum_of() { sha256sum "$1" | cut -d' ' -f1; }
events() { records_of agent "$id" | jq -c ".records[].fields | select($1)"; } # JQ: the practice's record of this intervention
count() { events "$1" | wc -l; }
written() { [ "$(count "$1")" -gt "${2:-0}" ]; }
connected() { program agent status --data "$lab/agent" --json | jq -e --arg id "$id" --arg l "$1" 'any(.interventions[]; .intervention==$id and (.session.connected|index($l)))' >/dev/null; }
nobody_connected() { ! connected alice; }
asks_nothing() { # TEXT: a client that was sure of the practice's key from the first second
  ! grep -qiE 'authenticity|continue connecting|yes/no|not cached|store key|permanently added' <<<"$1" || { echo "a host-key question: $1"; return 1; }
}
# A code of her own for each connection; the one before must have ended first. OpenSSH's shared connection
# may keep the end of a client that fails to itself until something wakes it up: a command does.
gone() { nobody_connected || { front alice status >/dev/null 2>&1; nobody_connected; }; }
new_code() {
  wait_for "the connection before to end" gone
  program agent code alice --data "$lab/agent" --as dr-exemple --password-file "$lab/approver.password" --json |
    jq -er .password >"$alice/heard"
}
goodbye() { ssh -F "$conf" -O exit "$where" 2>/dev/null; wait_for "the goodbye" gone; }
used() { count '.type=="password" and .event=="USED"'; }
once() { # COMMAND…: it works, and this connection spent one password
  local before
  before=$(used)
  "$@" || { echo "by: $*"; return 1; }
  wait_for "the password to be spent in the record" written '.type=="password" and .event=="USED"' "$before"
}

id=$(open_session alice --tools shell,files,tcp:base) || { echo "not ok - a session opens"; broken=1; exit 1; }
mkdir -p "$work/home/.ssh"
head -c 300000 /dev/urandom >"$work/file"
gateway_leg="ssh -F $conf -W $where:22 pontlevis-gateway"   # through the technician's own connection to the gateway

# ---- one password, shared through ControlMaster exactly as `config` prints it ----
first_contact() {
  local said
  # Into a file: with -v the shared connection keeps the error stream for as long as it lives.
  tssh alice -v "$where" 'echo "in $PONTLEVIS_SESSION"' </dev/null >"$work/contact" 2>&1 || { cat "$work/contact"; return 1; }
  said=$(cat "$work/contact")
  says "$said" "in $id" && says "$said" "Host '$where' is known and matches" && asks_nothing "$said"
}
promise "ssh knows the practice's key from what config printed, and asks nothing" first_contact
no_skipping() { refute "a host-key check that is skipped" grep -qiE 'StrictHostKeyChecking +(no|accept-new|off)|KnownHosts.*/dev/null' "$conf"; }
promise "config switches no host-key check off" no_skipping

scp_both() { # OPTION
  scp "$1" -q -F "$conf" "$work/file" "$where:scp$1" && scp "$1" -q -F "$conf" "$where:scp$1" "$work/scp-back" && same "$work/file" "$work/scp-back"
}
promise "scp, in its sftp mode" scp_both -s
promise "scp, in its old mode" scp_both -O
by_sftp() {
  printf 'mkdir sftp\nput %s sftp/a\nrename sftp/a sftp/b\nget sftp/b %s\nls -l sftp\n' "$work/file" "$work/sftp-back" |
    sftp -q -F "$conf" -b - "$where" && same "$work/file" "$work/sftp-back"
}
promise "sftp puts, renames, lists and gets" by_sftp
by_rsync() {
  local i
  for i in $(seq 200); do mkdir -p "$work/tree/d$((i % 7))" && head -c $((i * 41)) /dev/urandom >"$work/tree/d$((i % 7))/é $i"; done
  ln -s 'd1/é 1' "$work/tree/link"
  rsync -a -e "ssh -F $conf" "$work/tree/" "$where:tree/" && rsync -a -e "ssh -F $conf" "$where:tree/" "$work/tree-back/" &&
    diff -r "$work/tree" "$work/tree-back" && expect "nothing left to send" [ -z "$(rsync -ai -e "ssh -F $conf" "$work/tree/" "$where:tree/")" ]
}
promise "rsync carries a tree of 200 files there and back" by_rsync
by_git() {
  local GIT_SSH_COMMAND="ssh -F $conf" git="git -c user.name=Alice -c user.email=alice@vendor.example -c init.defaultBranch=main"
  export GIT_SSH_COMMAND
  ssh -F "$conf" "$where" 'git -c init.defaultBranch=main init -q --bare depot.git' && $git clone -q "$where:depot.git" "$work/depot" &&
    cp "$work/file" "$work/depot/" && $git -C "$work/depot" add file && $git -C "$work/depot" commit -qm "Une reprise" &&
    $git -C "$work/depot" push -q origin HEAD && $git clone -q "$where:depot.git" "$work/depot-back" && same "$work/file" "$work/depot-back/file"
}
promise "git pushes to and clones from the session's home" by_git
big_file() {
  head -c "${big_mb}M" /dev/urandom >"$work/big" && scp -q -F "$conf" "$work/big" "$where:big" && same "$work/big" "$home/big" &&
    scp -q -F "$conf" "$where:big" "$work/big-back" && same "$work/big" "$work/big-back"
  local status=$?
  sum_of "$work/big" >"$work/big.sum"
  rm -f "$work/big-back"
  return $status
}
promise "a file of $big_mb MB crosses intact, both ways" big_file
many_at_once() {
  local i pids=()
  for i in $(seq 8); do ssh -F "$conf" "$where" "echo $i; head -c 1000000 /dev/zero" </dev/null >"$work/many.$i" & pids+=($!); done
  wait "${pids[@]}" || true
  for i in $(seq 8); do expect "the whole answer $i" [ "$(wc -c <"$work/many.$i")" = 1000002 ] || return 1; done
}
promise "eight commands at once share the connection" many_at_once

# Each closes its channel while the next opens one: a question read inside that goodbye once waited for ever.
one_after_another() {
  local i
  for i in $(seq 15); do
    timeout 20 ssh -F "$conf" pontlevis-gateway help </dev/null >/dev/null && timeout 20 ssh -F "$conf" "$where" true </dev/null || { echo "the command $i"; return 1; }
  done
}
promise "commands one right after another are all answered" one_after_another

forward() {
  local port
  port=$(free_port)
  ssh -F "$conf" -O forward -L "127.0.0.1:$port:base:$tcp_port" "$where" || return 1
  timeout 60 /usr/bin/python3 - "$port" <<'EOP'
import os, socket, sys, threading
sent = os.urandom(2_000_000)
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
peer.settimeout(30)
threading.Thread(target=peer.sendall, args=(sent,), daemon=True).start()
back = b""
while len(back) < len(sent):
    piece = peer.recv(65536)
    if not piece: break
    back += piece
assert back == sent, f"{len(back)} of {len(sent)} bytes came back"
EOP
  local status=$?
  ssh -F "$conf" -O cancel -L "127.0.0.1:$port:base:$tcp_port" "$where"
  [ $status = 0 ] && wait_for "the forward's record" written '.type=="forward"' && says "$(events '.type=="forward"')" "tcp:base"
}
promise "-L reaches the consented tcp tool, bytes both ways, and the record says so" forward
promise "one password opened all of that" expect "one USED" [ "$(used)" = 1 ]
by_jump() { # the hop named by hand, as the manual shows it
  local said
  goodbye && new_code && said=$(tssh alice -o ControlPath=none -J pontlevis-gateway "alice@$where" 'echo jumped; exit 4' </dev/null 2>/dev/null)
  expect "the exit code" [ $? = 4 ] && says "$said" jumped
}
promise "ssh -J through the gateway, with a new code" once by_jump

# ---- what is never offered, and where a forward does not lead ----
tried() { events '.type=="attempt"' | grep -F -- "$1"; }
refused_forward() { # TARGET
  local said
  new_code || return 1
  said=$(tssh alice -v -o ControlPath=none -W "$1" "$where" </dev/null 2>&1) && { echo "it opened: $said"; return 1; }
  says "$said" "forwarding to this target was not consented" && wait_for "its record" tried "forward to $1"
}
promise "a forward to another port is refused by name and recorded" refused_forward "127.0.0.1:22"
promise "a forward to another host is refused by name and recorded" refused_forward "192.0.2.7:$tcp_port"
no_x11() {
  local said
  new_code || return 1
  said=$(DISPLAY=127.0.0.1:9 tssh alice -o ControlPath=none -X "$where" 'echo "display <$DISPLAY>"' </dev/null 2>&1)
  says "$said" "X11 forwarding request failed" && says "$said" "display <>" && wait_for "its record" tried "X11"
}
promise "X11 forwarding is refused and recorded" no_x11
no_agent() { # the client does not ask for an answer, so no line comes back; what counts is that nothing is there
  local said
  new_code || return 1
  said=$(as_tech alice timeout 30 ssh-agent ssh -v -o ControlPath=none -A -F "$conf" "$where" 'echo "agent <$SSH_AUTH_SOCK>"' </dev/null 2>&1)
  says "$said" "Requesting authentication agent forwarding" && says "$said" "agent <>"
}
promise "agent forwarding gives no agent at the practice" no_agent
no_remote() {
  local said
  new_code || return 1
  said=$(tssh alice -o ControlPath=none -o ExitOnForwardFailure=yes -R 0:127.0.0.1:9 "$where" 'echo inside' </dev/null 2>&1) && { echo "$said"; return 1; }
  says "$said" "remote port forwarding failed" && wait_for "its record" tried "remote forwarding"
}
promise "remote forwarding is refused and recorded" no_remote

# ---- a new code for each other client ----
puttygen "$key" -o "$work/key.ppk" -q 2>/dev/null || puttygen "$key" -o "$work/key.ppk"
putty_keys=()
while read -r name _ blob; do [ "$name" = "$where" ] && putty_keys+=(-hostkey "$blob"); done <"$hosts"
putty() { # PROGRAM [options] ARGS…: never a question; the key of the practice from config's lines
  local name=$1
  shift
  HOME=$work/home timeout 60 "$name" -batch -noagent -proxycmd "$gateway_leg" "${putty_keys[@]}" -i "$work/key.ppk" -pwfile "$alice/heard" "$@" </dev/null
}
by_plink() {
  local said
  new_code && said=$(putty plink "alice@$where" 'echo "plink in $PONTLEVIS_SESSION"; exit 5' 2>"$work/said")
  expect "the exit code" [ $? = 5 ] && says "$said" "plink in $id" && asks_nothing "$(cat "$work/said")"
}
promise "plink, with its exit code" once by_plink
by_psftp() {
  printf 'put %s psftp\nget psftp %s\nls\n' "$work/file" "$work/psftp-back" >"$work/psftp.batch"
  new_code && putty psftp -b "$work/psftp.batch" "alice@$where" && same "$work/file" "$work/psftp-back"
}
promise "psftp puts and gets" once by_psftp

dropbearconvert openssh dropbear "$key" "$work/key.db" 2>/dev/null
cp "$hosts" "$work/home/.ssh/known_hosts"
dropbear_client() { DROPBEAR_PASSWORD=$(cat "$alice/heard") HOME=$work/home timeout 60 dbclient -J "$gateway_leg" -i "$work/key.db" "alice@$where" "$@"; }
by_dbclient() {
  local said
  new_code && said=$(dropbear_client 'cat >dropped; sha256sum <dropped; exit 6' <"$work/file" 2>"$work/said")
  expect "the exit code" [ $? = 6 ] && says "$said" "$(sum_of "$work/file")" && asks_nothing "$(cat "$work/said")"
}
promise "dbclient, bytes in and the exit code back" once by_dbclient

with_paramiko() { # KNOWN_HOSTS
  timeout 60 /usr/bin/python3 -W ignore - "$1" "$where" "$key" "$alice/heard" "$work/file" "$gateway_leg" <<'EOP'
import hashlib, paramiko, sys
hosts, where, key, heard, path, leg = sys.argv[1:]
client = paramiko.SSHClient()
client.load_host_keys(hosts)  # and a key that is not there is refused: the library's own rule
client.connect(where, username="alice", key_filename=key, password=open(heard).read().strip(), allow_agent=False,
               look_for_keys=False, sock=paramiko.ProxyCommand(leg), timeout=20, auth_timeout=20, banner_timeout=20)
_, out, err = client.exec_command("echo out; echo err >&2; exit 9")
assert (out.read(), err.read(), out.channel.recv_exit_status()) == (b"out\n", b"err\n", 9)
files = client.open_sftp()
files.put(path, "paramiko")
back = hashlib.sha256()
with files.open("paramiko") as remote:
    remote.prefetch()
    while piece := remote.read(32768): back.update(piece)
assert back.hexdigest() == hashlib.sha256(open(path, "rb").read()).hexdigest()
client.close()
EOP
}
by_paramiko() { new_code && with_paramiko "$hosts"; }
promise "paramiko runs a command and moves a file" once by_paramiko

by_lftp() {
  new_code && HOME=$work/home as_tech alice timeout 60 lftp -c "
    set sftp:connect-program 'ssh -a -x -F $conf -o ControlPath=none'; set sftp:auto-confirm no; set net:max-retries 1
    open sftp://alice@$where && put $work/file -o lftp && get lftp -o $work/lftp-back && mirror tree $work/lftp-tree" &&
    same "$work/file" "$work/lftp-back" && diff -r "$work/tree" "$work/lftp-tree"
}
promise "lftp puts, gets and mirrors" once by_lftp

# ---- somebody in between: another key answers where the practice's was expected ----
ssh-keygen -q -t ed25519 -N '' -f "$work/other"
other=$(cut -d' ' -f1,2 "$work/other.pub")
awk -v where="$where" '$1 != where' "$hosts" >"$work/wrong_hosts"
echo "$where $other" >>"$work/wrong_hosts"
sed "s|$hosts|$work/wrong_hosts|" "$conf" >"$work/wrong_config"
refuses() { # WORDS COMMAND…: the client will not go on, and the code stays unspent
  local words=$1 before said
  shift
  before=$(used)
  said=$("$@" 2>&1) && { echo "it went in: $said"; return 1; }
  says "$said" "$words" && expect "no password spent" [ "$(used)" = "$before" ] && nobody_connected
}
wrong_ssh() { as_tech alice timeout 30 ssh -F "$work/wrong_config" -o ControlPath=none "$where" true </dev/null; }
wrong_plink() { putty_keys=(-hostkey "${other#* }"); putty plink "alice@$where" true; }
wrong_dbclient() { cp "$work/wrong_hosts" "$work/home/.ssh/known_hosts"; dropbear_client true </dev/null; }
promise "before that, one more code" new_code
promise "with another key, ssh refuses and sends no password" refuses "Host key verification failed" wrong_ssh
promise "with another key, plink refuses and sends no password" refuses "Host key not in manually configured list" wrong_plink
promise "with another key, dbclient refuses and sends no password" refuses "ost key mismatch" wrong_dbclient
promise "with another key, paramiko refuses and sends no password" refuses "BadHostKeyException" with_paramiko "$work/wrong_hosts"
still_good() { says "$(tssh alice -o ControlPath=none "$where" 'echo inside' </dev/null 2>/dev/null)" inside; }
promise "the code that none of them sent still opens, from the right machine" once still_good

# ---- every file by name, size, direction and SHA-256 ----
moved() { # NAME SIZE DIRECTION SHA-256: the name as the client gave it, from the session's home or whole
  events '.type=="transfer"' | jq -es --arg n "$home/$1" --arg r "$1" --argjson s "$2" --arg d "$3" --arg h "$4" \
    'any(.[]; (.name==$n or .name==$r) and .size==$s and .direction==$d and .sha256==$h and .outcome==true)' >/dev/null || {
    echo "expected: $1, $2 bytes, $3, $4"
    events '.type=="transfer"' | jq -c '[.name,.size,.direction,.sha256,.outcome]' | grep -v /tree/
    return 1
  }
}
all_moved() {
  local name sum size
  sum=$(sum_of "$work/file") size=$(stat -c %s "$work/file")
  for name in scp-s psftp paramiko lftp; do moved $name "$size" IN "$sum" && moved $name "$size" OUT "$sum" || return 1; done
  moved sftp/a "$size" IN "$sum" && moved sftp/b "$size" OUT "$sum" &&
    moved big $((big_mb * 1048576)) IN "$(cat "$work/big.sum")" && moved big $((big_mb * 1048576)) OUT "$(cat "$work/big.sum")"
}
promise "every file that the files tool moved is in the record by name, size, direction and SHA-256" all_moved

# ---- a consent for files alone ----
bruno=$lab/tech/bruno/ssh/config
files_only() {
  id=$(open_session bruno --tools files) || return 1
  echo "$id" >"$work/files.id"
  local said
  tssh bruno -N -f "$where" </dev/null 2>/dev/null && sftp -q -F "$bruno" -b - "$where" <<<"put $work/file bruno" && expect "the file is there" test -s "$home/bruno" || return 1
  said=$(ssh -F "$bruno" "$where" 'echo a command ran' </dev/null 2>/dev/null) && { echo "exec: $said"; return 1; }
  said+=$(ssh -tt -F "$bruno" "$where" <<<'echo a shell ran' 2>/dev/null) && { echo "shell: $said"; return 1; }
  refute "a command ran" says "$said" ran && wait_for "its record" written '.type=="attempt"' 1
}
promise "files alone: sftp works, no command and no shell does, and the attempts are in the record" files_only
why_not() {
  local said
  said=$(ssh -F "$bruno" "$where" true </dev/null 2>&1) && return 1
  says "$said" "the practice did not consent to the tool \`shell\`"
}
promise "files alone: the technician reads why" why_not
promise "the files session closes" finish_and_report bruno "$(cat "$work/files.id")"
read_only() {
  id=$(open_session bruno --tools files --access VIEW,TRANSFER_OUT) || return 1
  local said
  tssh bruno -N -f "$where" </dev/null 2>/dev/null && sftp -q -F "$bruno" -b - "$where" <<<"get bruno $work/bruno-back" && same "$work/file" "$work/bruno-back" || return 1
  said=$(sftp -q -F "$bruno" -b - "$where" <<<"put $work/file brought-in" 2>&1) && { echo "it went in: $said"; return 1; }
  says "$said" "brought-in" && expect "no such file at the practice" test ! -e "$home/brought-in" && wait_for "its record" tried "brought-in"
}
promise "without TRANSFER_IN files come out, and an upload is refused by name and recorded" read_only
promise "both records verify" both_verify
end_of_scenario
