#!/usr/bin/env bash
# What a practice narrows in its own inventory holds against stock clients: a list of commands instead of a
# shell, an environment, a landing folder, sizes of uploads (requirements A02, A14).
. "$(dirname "$0")/harness.sh"

write_systems() { # as the lab's, narrower
  local prefix
  prefix=$(session_prefix)
  tcp_port=0
  mkdir -p "$lab/home/depot" && echo "the practice's" >"$lab/home/own"
  ln -s "$lab/home" "$lab/home/depot/way-out" && ln -s "$lab/home/own" "$lab/home/depot/link"
  [ "$(id -u)" = 0 ] && chown -hR 65534:65534 "$lab/home"
  cat >"$lab/agent/systems.toml" <<EOF
[[system]]
id = "$system_id"
label = "Serveur du cabinet"
hosting = "local"
[system.shell]
command = [$prefix"bash"]
exec = [$prefix"bash", "-c"]
folder = "$lab/home"
commands = ['echo "in \$PLACE"; exit 3', 'df -h']
[system.shell.env]
PLACE = "the practice"
[system.files]
prefix = [${prefix%, }]
landing = "$lab/home/depot"
largest_file_mb = 2
largest_session_mb = 5
EOF
}
lab_for_scenario 2
where=$system_id.$practice home=$lab/home conf=$lab/tech/alice/ssh/config
tried() { records_of agent "$id" | jq -c '.records[].fields | select(.type=="attempt")' | grep -F -- "$1"; }
times_tried() { [ "$(tried "$1" | wc -l)" = "$2" ]; }

id=$(open_session alice --tools shell,files) || { echo "not ok - a session opens"; broken=1; exit 1; }

# ---- a list of commands ----
listed() {
  local said
  said=$(inside alice 'echo "in $PLACE"; exit 3' </dev/null)
  expect "its own exit code" [ $? = 3 ] && says "$said" "in the practice"
}
promise "a command of the list runs, with the practice's environment" listed
refused_by_name() { # COMMAND
  local said
  said=$(ssh -F "$conf" "$where" "$1" </dev/null 2>&1) && { echo "it ran: $said"; return 1; }
  expect "exit code 255" [ $? = 255 ]
  says "$said" "this command is not on the practice's list" && says "$said" '`df -h`' && wait_for "its record" tried "shell: $1"
}
promise "another command is refused, with what is allowed, and recorded" refused_by_name "id"
promise "so is one that only begins like one of the list" refused_by_name "df -h; id"
promise "so is one with a space more" refused_by_name "df -h "
no_shell() {
  local said
  said=$(ssh -tt -F "$conf" "$where" <<<'echo a shell r"an"' 2>&1) && { echo "$said"; return 1; }
  refute "a shell" grep -q 'a shell ran' <<<"$said" && says "$said" "there is no interactive shell here; the practice allows:" && wait_for "its record" tried "shell: interactive"
}
promise "no shell opens, and the technician reads why" no_shell
no_terminal() {
  local said
  said=$(ssh -tt -F "$conf" "$where" 'df -h' </dev/null 2>&1)
  says "$said" "PTY allocation request failed" && says "$said" "Filesystem"
}
promise "a listed command gets no terminal, so no pager that opens a shell" no_terminal
no_old_tools() { ! scp -O -q -F "$conf" "$0" "$where:depot/x" 2>/dev/null && ! rsync -e "ssh -F $conf" "$0" "$where:depot/x" 2>/dev/null && [ ! -e "$home/depot/x" ]; }
promise "what other tools ask a shell for is no way around" no_old_tools

# ---- a landing folder ----
head -c 1000000 /dev/urandom >"$work/file"
batch() { sftp -q -F "$conf" -b - "$where" 2>&1; } # reads the commands
lands() {
  local said
  said=$(printf 'pwd\nput %s a\nmkdir d\nrename a d/b\nget d/b %s\nls -l d\n' "$work/file" "$work/back" | batch) || { echo "$said"; return 1; }
  says "$said" "$home/depot" && expect "the file" cmp "$work/file" "$home/depot/d/b" && expect "it back" cmp "$work/file" "$work/back" &&
    scp -q -F "$conf" "$work/file" "$where:by-scp" && expect "the copy by scp" cmp "$work/file" "$home/depot/by-scp"
}
promise "sftp and scp start in the landing folder and work there" lands
stays_inside() { # ACT ARGS…: one that would change something elsewhere
  local said
  said=$(echo "$*" | batch) && { echo "it was done: $said"; return 1; }
  says "$said" "only inside $home/depot can anything be changed" && wait_for "its record" tried "only inside $home/depot"
}
promise "nothing is put above it" stays_inside put "$work/file" ../out
promise "nothing is put elsewhere by a whole name" stays_inside put "$work/file" "$home/out"
promise "nothing is renamed out of it" stays_inside rename by-scp "$home/out"
promise "nothing is removed elsewhere" stays_inside rm "$home/own"
promise "no folder is made elsewhere" stays_inside mkdir /tmp/pontlevis-out
promise "no mode is changed elsewhere" stays_inside chmod 777 "$home/own"
promise "no link is made" stays_inside symlink /etc here
reads_elsewhere() { echo "get $home/own $work/own" | batch && expect "what it says" grep -q "the practice's" "$work/own"; }
promise "reading elsewhere stays as the consent says" reads_elsewhere
links_lead_nowhere() {
  printf -- '-put %s way-out/out\n-put %s link\n-rm way-out/own\n-mkdir way-out/d\n' "$work/file" "$work/file" | batch
  expect "nothing new outside" [ ! -e "$home/out" ] && expect "no folder outside" [ ! -e "$home/d" ] && expect "the practice's own file as it was" grep -q "the practice's" "$home/own"
}
landlock=$(python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))')
if [ "$landlock" -ge 2 ]; then promise "a link that lies in it leads no writing out" links_lead_nowhere
else echo "ok - a link that lies in it leads no writing out # SKIP this kernel has no Landlock"; fi

# ---- sizes: 2 MB so far of 5 ----
too_big() {
  local said
  head -c 3000000 /dev/urandom >"$work/big"
  said=$(echo "put $work/big big" | batch) && { echo "it went in: $said"; return 1; }
  says "$said" "the practice takes files of at most 2 MB" && expect "no more than 2 MB there" [ "$(stat -c %s "$home/depot/big")" -le 2097152 ] &&
    wait_for "its record, once" times_tried "files of at most 2 MB" 1
}
promise "a file over the limit stops there, with the reason, and is recorded once" too_big
too_much() {
  local said
  said=$(printf 'put %s c\nput %s e\n' "$work/file" "$work/file" | batch) && { echo "it went in: $said"; return 1; }
  says "$said" "the practice takes at most 5 MB in one session" && wait_for "its record" tried "5 MB in one session"
}
promise "so do uploads over the session's limit, whatever channel they come by" too_much
reading_goes_on() { echo "get d/b $work/again" | batch && cmp "$work/file" "$work/again"; }
promise "the stream is not torn: reading goes on" reading_goes_on
incomplete() { records_of agent "$id" | jq -e '[.records[].fields | select(.type=="transfer" and .direction=="IN" and (.name|endswith("/big")))] | length==1 and (.[0].outcome|not) and .[0].sha256==null' >/dev/null; }
promise "the record says that the big file is not complete" wait_for "its transfer" incomplete
promise "the session closes" finish_and_report alice "$id"

# ---- in a pair ----
pair_too() {
  local said
  id=$(ask alice --tools shell --pair bruno) && echo "$id" >"$work/pair" && approve "$id" && use_config alice "$id" || return 1
  tssh alice -N -f "$where" </dev/null 2>/dev/null && said=$(ssh -tt -F "$conf" "$where" </dev/null 2>&1) && { echo "it opened: $said"; return 1; }
  says "$said" "there is no interactive shell here" && wait_for "its record" tried "shell: interactive" && program agent stop "$id" --data "$lab/agent" >/dev/null
}
promise "a pair gets no shared terminal either" pair_too
promise "both records verify" both_verify
end_of_scenario
