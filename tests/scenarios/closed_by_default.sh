#!/usr/bin/env bash
# Closed by default: each way in which access must not open, tried with the stock client by all three
# tools. Each has its own words for the technician and its own record; nothing else happens.
export PONTLEVIS_GATEWAY_REQUEST_LIFETIME_MINUTES=1
. "$(dirname "$0")/harness.sh"
lab_for_scenario 7   # alice and bruno work; 3 lapses, 4 meets the deadline, 5 expires, 6 and 7 are revoked
where=$system_id.$practice
tcp_port=$(jq .tcp.port "$lab/lab.json")

python3 - "$tcp_port" "$work/reached" <<'PY' &
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    peer, _ = server.accept()
    with open(sys.argv[2], "a") as f: f.write("reached\n")
    peer.sendall(b"base answers\n"); peer.close()
PY
started+=($!)

# The card of tech5 runs out: the staff key signs one of last year, and it stands where the good one stood.
python3 - "$lab" "$work/expired.note" <<'PY'
import base64, json, sqlite3, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
lab, out = sys.argv[1:]
_, _, name, number, key = open(f"{lab}/staff/staff.key").read().strip().split("+", 4)
head, body = open(f"{lab}/tech/tech5/card.note").read().split("\n\n")[0].split("\n", 1)
card = json.loads(body)
card["confidentiality"]["signed_on"] = card["action_limit"]["signed_on"] = "2024-12-01"
card.update(issued_at="2025-01-01T00:00:00.000Z", expires_at="2026-01-10T00:00:00.000Z")
text = head + "\n" + json.dumps(card, ensure_ascii=False, separators=(",", ":")) + "\n"
signature = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key)[1:]).sign(text.encode())
note = f"{text}\n— {name} {base64.b64encode(bytes.fromhex(number) + signature).decode()}\n"
open(out, "w").write(note)
db = sqlite3.connect(f"{lab}/gateway/gateway.db")
with db: assert db.execute("UPDATE technicians SET card=? WHERE login='tech5'", (note,)).rowcount == 1
PY
stop_daemon gateway
start_gateway
wait_for "the practice's link" link_is_up

# ---- the three ways in, as a technician tries them; the options come before the place ----
way_in() { # LOGIN TOOL [ssh options…]
  local login=$1 tool=$2 config=$lab/tech/$1/ssh/config
  shift 2
  case $tool in
    shell) as_tech "$login" timeout 30 ssh -F "$config" -o ControlPath=none -J pontlevis-gateway "$@" "$login@$where" "touch $lab/home/shell && echo a shell opened" ;;
    files) as_tech "$login" timeout 30 sftp -F "$config" -o ControlPath=none -J pontlevis-gateway "$@" -o BatchMode=no -b <(echo "put $lab/code.note $lab/home/file") "$login@$where" ;;
    tcp) as_tech "$login" timeout 30 ssh -F "$config" -o ControlPath=none -J pontlevis-gateway "$@" -W "127.0.0.1:$tcp_port" "$login@$where" </dev/null ;;
  esac 2>&1
}
nothing_opened() { expect "no shell, file or forward" test ! -e "$lab/home/shell" -a ! -e "$lab/home/file" -a ! -e "$work/reached"; }
shut() { # LOGIN WORDS [ssh options…]: all three stay shut, and the client prints those words
  local login=$1 words=$2 tool said
  shift 2
  for tool in shell files tcp; do
    said=$(way_in "$login" "$tool" "$@") && { echo "$tool opened: $said"; return 1; }
    says "$said" "$words" || { echo "  by: $tool"; return 1; }
  done
  nothing_opened
}
recorded() { # SIDE ID WORDS…: the record of that side says all of these
  local side=$1 id=$2 word record
  shift 2
  record=$(records_of "$side" "$id") || { echo "the $side has no record of $id"; return 1; }
  for word in "$@"; do says "$record" "$word" || { echo "  in: the record of the $side"; return 1; }; done
}
both_recorded() { # ID WORDS…: the vendor's record follows over the link
  local id=$1
  recorded agent "$@" && wait_for "the vendor's record" recorded gateway "$@" && recorded gateway "$@"
}
ask_all() { local login=$1; shift; ask "$login" --tools shell,files,tcp:base "$@"; }
open_all() { # LOGIN [MORE…]
  local login=$1 id
  id=$(ask_all "$@") && approve "$id" && use_config "$login" "$id" && echo "$id"
}
background() { # LOGIN FILE COMMAND: a command at the practice that stays; what the client prints goes to FILE
  as_tech "$1" timeout 120 ssh -F "$lab/tech/$1/ssh/config" -o ControlPath=none "$where" "echo inside; $3" >"$2" 2>&1 &
  started+=($!)
  wait_for "$1 to be inside" grep -q inside "$2"
}

# ---- what needs a minute runs meanwhile ----
start_slow() {
  local id
  id=$(ask_all tech3) || return 1
  echo "$id" >"$work/lapse"
  id=$(open_all tech4 --minutes 1) || return 1
  echo "$id" >"$work/deadline"
  date +%s%3N >"$work/deadline.from"
}
promise "a request waits, and a session of one minute is open" start_slow
background tech4 "$work/deadline.said" "sleep 100" || broken=1

promise "before a request nothing opens" shut alice "no intervention of yours is open"

before_consent() {
  local id
  id=$(ask_all alice) && echo "$id" >"$work/id" && shut alice "waiting for the practice's consent"
}
promise "before consent nothing opens" before_consent

cancelled() {
  local id
  id=$(cat "$work/id")
  front alice cancel "$id" || return 1
  shut alice "no intervention of yours is open" || return 1
  expect "state CANCELLED" in_state alice "$id" CANCELLED && recorded gateway "$id" cancelled
  wait_for "the practice to forget it" sh -c "! '$bin/pontlevis-agent' requests --data '$lab/agent' --json | grep -q $id" || return 1
  local said
  said=$(approve_now "$id") && { echo "approved: $said"; return 1; }
  says "$said" "no intervention begins with"
}
approve_now() { program agent approve --data "$lab/agent" "$1" --as "${2:-dr-exemple}" --password-file "${3:-$lab/approver.password}" --unwatched 2>&1; }
promise "after cancel nothing opens, and there is nothing left to approve" cancelled

refused() {
  local id said
  id=$(ask_all alice) || return 1
  wait_for "the request" reaches_practice "$id"
  program agent refuse --data "$lab/agent" "$id" --as dr-exemple --password-file "$lab/approver.password" --why "Pas aujourd'hui" || return 1
  wait_for "the refusal at the vendor" in_state alice "$id" REFUSED
  shut alice "no intervention of yours is open" || return 1
  said=$(front alice status "$id") && says "$said" "Pas aujourd'hui" && both_recorded "$id" refusal "Pas aujourd'hui"
}
promise "after a refusal nothing opens, and the technician reads why" refused

observer() {
  local id said
  (umask 077; echo 'observateur exemple 1' >"$work/observer.password")
  program agent approver add obs-exemple --data "$lab/agent" --name "Observatrice Exemple" --role OBSERVER --password-file "$work/observer.password" >/dev/null || return 1
  id=$(ask_all alice) || return 1
  echo "$id" >"$work/id"
  wait_for "the request" reaches_practice "$id"
  said=$(approve_now "$id" obs-exemple "$work/observer.password") && { echo "an observer approved"; return 1; }
  says "$said" "observer" && shut alice "waiting for the practice's consent"
}
promise "an observer cannot approve" observer

locked_approver() {
  local id said _
  id=$(cat "$work/id")
  (umask 077; echo 'autre mot de passe 1' >"$work/wrong.password")
  program agent approver add dr-double --data "$lab/agent" --name "Dr Double Exemple" --role DELEGATE --password-file "$lab/approver.password" >/dev/null || return 1
  for _ in 1 2 3; do
    said=$(approve_now "$id" dr-double "$work/wrong.password") && { echo "a wrong password approved"; return 1; }
    says "$said" "the name or the password is wrong" || return 1
  done
  said=$(approve_now "$id" dr-double) && { echo "a locked name approved"; return 1; }
  says "$said" "locked" && front alice cancel "$id" && nothing_opened
}
promise "three wrong passwords lock an approver's name" locked_approver

# ---- an open session, and who still stays out ----
opens_for_one() {
  local id
  id=$(open_all alice) || return 1
  echo "$id" >"$work/id"
  cp "$lab/tech/alice/heard" "$work/right"
}
promise "the practice agrees to alice alone" opens_for_one
promise "bruno, who is not of the consent, stays out" shut bruno "no intervention of yours is open"
other_key() { # alice's way through the gateway, bruno's key at the practice, as either of them
  local key=$lab/tech/bruno/ssh/id_ed25519 hosts=$lab/tech/alice/ssh/pontlevis_known_hosts who said
  for who in alice bruno; do
    said=$(as_tech alice timeout 30 ssh -F /dev/null -o IdentitiesOnly=yes -i "$key" -o UserKnownHostsFile="$hosts" \
      -o ProxyCommand="ssh -F $lab/tech/alice/ssh/config -W %h:%p pontlevis-gateway" "$who@$where" "touch $lab/home/shell" 2>&1) &&
      { echo "bruno's key opened as $who"; return 1; }
    says "$said" "Permission denied" || return 1
  done
  said=$(as_tech alice timeout 30 ssh -F /dev/null -o IdentitiesOnly=yes -i "$key" -o UserKnownHostsFile="$hosts" \
    -o HostKeyAlias=pontlevis-gateway -p "$(ports gateway ssh)" alice@localhost systems 2>&1) && { echo "bruno's key signed in as alice"; return 1; }
  says "$said" "Permission denied" && nothing_opened && recorded agent "$(cat "$work/id")" attempt
}
promise "another operator's key opens nothing, at the gateway and at the practice" other_key
used_password() {
  local said
  said=$(way_in alice shell) || { echo "the right password did not open: $said"; return 1; }
  rm "$lab/home/shell"
  wait_for "alice to have left" recorded agent "$(cat "$work/id")" LEFT
  tried_again alice && recorded agent "$(cat "$work/id")" "used, expired or never given"
}
tried_again() { # LOGIN: three ways in with the used password; in the end the practice says that no try is left
  local tool said
  for tool in shell files tcp; do
    said=$(way_in "$1" "$tool" -o NumberOfPasswordPrompts=1) && { echo "$tool opened: $said"; return 1; }
    grep -qE "Permission denied|No tries are left" <<<"$said" || { echo "  by: $tool, read: $said"; return 1; }
  done
  says "$said" "No tries are left" && nothing_opened && program agent stop --data "$lab/agent" "$(cat "$work/id")" >/dev/null
}
promise "the right password opens once; used, it opens nothing more" used_password
stopped() {
  local id
  id=$(open_all alice) || return 1
  echo "$id" >"$work/id"
  background alice "$work/stop.said" "sleep 100" || return 1
  program agent stop --data "$lab/agent" "$id" >/dev/null || return 1
  wait_for "the words at the client" grep -q "stopped by the practice" "$work/stop.said" || { cat "$work/stop.said"; return 1; }
  wait_for "the end at the vendor" in_state alice "$id" ENDED
  shut alice "the session has ended" && both_recorded "$id" withdrawal WITHDRAWN
}
promise "after stop nothing opens; who was inside reads why" stopped

wrong_three_times() {
  local id said
  id=$(open_all bruno) || return 1
  cp "$lab/tech/bruno/heard" "$work/right"
  echo "AAAA-AAAA-AAAA" >"$lab/tech/bruno/heard"
  said=$(way_in bruno shell) && { echo "opened: $said"; return 1; }
  cp "$work/right" "$lab/tech/bruno/heard"
  says "$said" "No tries are left" && shut bruno "No tries are left" || return 1
  said=$(program agent code bruno --id "$id" --data "$lab/agent" --as dr-exemple --password-file "$lab/approver.password" 2>&1) && { echo "a new password for a blocked name"; return 1; }
  says "$said" "three wrong passwords" && both_recorded "$id" BLOCKED && program agent stop --data "$lab/agent" "$id" >/dev/null
}
promise "a wrong password three times: then the right one opens nothing either" wrong_three_times

# ---- cards ----
new_card() { # LOGIN OUT KEYFOLDER [MORE…]
  local login=$1 out=$2 staff=$3
  shift 3
  program certs card issue --staff-key "$staff/staff.key" --login "$login" --name "Carte Exemple" --employer "Éditeur Exemple" --country FR \
    --qualification "Technicien de maintenance" --confidentiality-ref ENG-C-9 --confidentiality-date 2026-01-05 --action-limit-ref ENG-L-9 \
    --action-limit-date 2026-01-05 --ssh-key "$lab/tech/$login/ssh/id_ed25519.pub" --out "$out" "$@" 2>/dev/null >/dev/null
}
foreign_card() {
  local said
  program certs staff init --name staff.other.example --out "$work/other" >/dev/null 2>&1
  new_card tech5 "$work/foreign.note" "$work/other" || return 1
  said=$(program gateway technician add --data "$lab/gateway" --card "$work/foreign.note" 2>&1) && { echo "a foreign card was taken: $said"; return 1; }
  says "$said" "sign" || return 1
  grep -v '^— ' "$lab/tech/tech5/card.note" >"$work/unsigned.note"
  said=$(program gateway technician add --data "$lab/gateway" --card "$work/unsigned.note" 2>&1) && { echo "an unsigned card was taken: $said"; return 1; }
  sed 's/Technicien Exemple 5/Technicien Exemple 9/' "$lab/tech/tech5/card.note" >"$work/altered.note"
  said=$(program gateway technician add --data "$lab/gateway" --card "$work/altered.note" 2>&1) && { echo "an altered card was taken: $said"; return 1; }
  says "$said" "sign"
}
promise "a card that is unsigned, altered or of another staff key is not taken" foreign_card
expired_card() {
  local said
  said=$(program gateway technician add --data "$lab/gateway" --card "$work/expired.note" 2>&1) && { echo "an expired card was taken: $said"; return 1; }
  says "$said" "expired" || return 1
  said=$(front tech5 systems 2>&1) && { echo "signed in with an expired card"; return 1; }
  says "$said" "Permission denied" || return 1
  said=$(front alice request "$where" --ticket DOS-1 --reason "'Panne d impression'" --tasks "'Relancer la file'" --pair tech5 2>&1) &&
    { echo "a pair with an expired card: $said"; return 1; }
  says "$said" "the staff card of tech5 does not count" && says "$said" "expired" && expect "the refusal is recorded" log_says gateway CARD_NOT_VALID
}
log_says() { # SIDE WORDS: some record of that log holds them
  rm -rf "$work/bundle"
  program audit export --data "$lab/$1" --out "$work/bundle" >/dev/null && find "$work/bundle/records" -name '*.jsonl' -exec cat {} + | jq -r '.fields[].disclosure // empty' |
    python3 -c 'import sys, base64; [print(base64.urlsafe_b64decode(l.strip() + "==").decode()) for l in sys.stdin]' | grep -- "$2" >/dev/null
}
promise "a card that has expired is not taken, does not sign in and cannot be named" expired_card
revoke() { # LOGIN
  rm -f "$work/revocation.$1"
  program certs card revoke --staff-key "$lab/staff/staff.key" --card "$lab/tech/$1/card.note" --reason "A quitté l'entreprise" --out "$work/revocation.$1" >/dev/null 2>&1 &&
    program gateway technician revoke --data "$lab/gateway" --revocation "$work/revocation.$1"
}
revoked_waiting() {
  local id said
  id=$(ask_all tech6) || return 1
  wait_for "the request" reaches_practice "$id"
  revoke tech6 || return 1
  # Whichever side hears first, an approval must not open.
  said=$(approve_now "$id") && { echo "opened with a revoked card: $said"; return 1; }
  says "$said" "revoked" && nothing_opened
  said=$(way_in tech6 shell) && { echo "opened: $said"; return 1; }
  expect "no password is out" test ! -e "$lab/tech/tech6/heard"
  said=$(front tech6 request "$where" --ticket DOS-1 --reason "'Panne d impression'" --tasks "'Relancer la file'" 2>&1) && { echo "a revoked card asked: $said"; return 1; }
  nothing_opened
}
promise "a card revoked while its request waits opens nothing" revoked_waiting
revoked_inside() {
  local id
  id=$(open_all tech7) || return 1
  background tech7 "$work/revoked.said" "sleep 100" || return 1
  revoke tech7 || return 1
  wait_for "the end" sh -c "'$bin/pontlevis-audit' show --data '$lab/agent' '$id' --json | grep -q POLICY" || return 1
  wait_for "the words at the client" grep -q "revoked" "$work/revoked.said" || { cat "$work/revoked.said"; return 1; }
  expect "no process of it" test "$(session_processes "$id")" = 0
  both_recorded "$id" POLICY "a staff card of this session was revoked"
}
promise "a card revoked while connected ends the session at once" revoked_inside

# ---- what needed its minute ----
lapse() {
  local id
  id=$(cat "$work/lapse")
  (wait_for "half a minute" in_state tech3 "$id" EXPIRED) 2>/dev/null || (wait_for "half a minute more" in_state tech3 "$id" EXPIRED) 2>/dev/null ||
    wait_for "the lapse" in_state tech3 "$id" EXPIRED
  shut tech3 "no intervention of yours is open" && both_recorded "$id" lapse && ! records_of agent "$id" | grep '"refusal"' >/dev/null
}
promise "silence is a lapse, never a yes and never a refusal" lapse
deadline() {
  local id
  id=$(cat "$work/deadline")
  (wait_for "half a minute" grep -q "is over" "$work/deadline.said") 2>/dev/null
  wait_for "the words at the client" grep -q "the time agreed to is over" "$work/deadline.said" || { cat "$work/deadline.said"; return 1; }
  wait_for "the end at the vendor" in_state tech4 "$id" ENDED
  expect "no process of it" test "$(session_processes "$id")" = 0
  shut tech4 "the session has ended" && both_recorded "$id" TIMEOUT "the time agreed to is over"
}
promise "the time agreed to ends the session, at its end" deadline
minute_kept() {
  local lasted
  lasted=$(records_of agent "$(cat "$work/deadline")" | jq '[.. | .duration_seconds? // empty] | max')
  expect "60 s, it was $lasted" test "$lasted" -ge 59 -a "$lasted" -le 62
}
promise "a session of one minute lasts one minute" minute_kept
promise "nothing but what was consented to ever opened" nothing_opened
promise "both records verify" both_verify
end_of_scenario
