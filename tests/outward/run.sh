#!/usr/bin/env bash
# Out to the vendor's world, with real servers on loopback TLS: a CRM (node), a mail server (Debian's aiosmtpd), rsyslog, and a
# folder for files. They fail, hang, forget and lie about who they are; nothing is lost, nothing goes out twice under two
# numbers, nothing leaves without TLS. BIN names the programs.
node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 18 ] || { echo "skipped: Node 18 or later plays the CRM (found: $(node --version 2>/dev/null || echo none))"; exit 77; }
/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || { echo "skipped: python3-aiosmtpd plays the mail server (apt-get install python3-aiosmtpd)"; exit 77; }
[ -x /usr/sbin/rsyslogd ] && [ -e /usr/lib/*/rsyslog/lmnsd_ossl.so ] || { echo "skipped: rsyslog and rsyslog-openssl are needed"; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../scenarios/harness.sh"
world=$work/world
mkdir -p "$world/files"

# ---- the world outside: one small CA for all of it, and another that the gateway does not know ----
authority() { # NAME: a CA and a certificate of localhost
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$world/$1-ca.key" -out "$world/$1-ca.pem" -days 2 -subj "/CN=CA Exemple $1" \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign 2>/dev/null &&
    openssl req -newkey rsa:2048 -nodes -keyout "$world/$1-key.pem" -out "$world/$1.req" -subj "/CN=localhost" 2>/dev/null &&
    openssl x509 -req -in "$world/$1.req" -CA "$world/$1-ca.pem" -CAkey "$world/$1-ca.key" -CAcreateserial -days 2 -out "$world/$1-cert.pem" \
      -extfile <(printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n') 2>/dev/null
}
use_certificate() { cp "$world/$1-cert.pem" "$world/cert.pem" && cp "$world/$1-key.pem" "$world/key.pem"; }
authority known && authority foreign && use_certificate known
(umask 077; echo "whsec_$(openssl rand -base64 32)" >"$world/secret"; echo "un mot de passe exemple" >"$world/post.password")
crm_port=$(free_port) tls_port=$(free_port) starttls_port=$(free_port) plain_port=$(free_port) syslog_port=$(free_port)

# Promises run in subshells: whoever is started is known by a file.
gone() { ! kill -0 "$1" 2>/dev/null; }
stop_server() { # NAME
  local pid
  pid=$(cat "$world/$1.pid" 2>/dev/null) || return 0
  rm -f "$world/$1.pid"
  kill "$pid" 2>/dev/null
  wait_for "$1 to stop" gone "$pid"
}
leave_world() { stop_server crm; stop_server post; stop_server rsyslogd; leave; }
trap leave_world EXIT
start_crm() { rm -f "$world/crm.ready"; node "$here/crm.mjs" "$world" "$crm_port" >"$world/crm.log" 2>&1 & echo $! >"$world/crm.pid"; wait_for "the CRM" test -s "$world/crm.ready"; }
stop_crm() { stop_server crm; }
start_post() { /usr/bin/python3 "$here/post.py" "$world" "$tls_port" "$starttls_port" "$plain_port" >"$world/post.log" 2>&1 & echo $! >"$world/post.pid"; wait_for "the mail server" test -s "$world/post.ready"; }
cat >"$world/rsyslog.conf" <<EOF
global(workDirectory="$world" DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="$world/known-ca.pem"
       DefaultNetstreamDriverCertFile="$world/known-cert.pem" DefaultNetstreamDriverKeyFile="$world/known-key.pem")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.Authmode="anon")
input(type="imtcp" address="127.0.0.1" port="$syslog_port")
template(name="parts" type="string" string="%pri% %protocol-version% %app-name% %msgid% %structured-data%\n")
action(type="omfile" file="$world/syslog.out" template="parts")
EOF
listens() { python3 -c 'import socket,sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()' "$1"; }
start_rsyslog() { /usr/sbin/rsyslogd -n -f "$world/rsyslog.conf" -i NONE >"$world/rsyslog.log" 2>&1 & echo $! >"$world/rsyslogd.pid"; wait_for "rsyslog" listens "$syslog_port"; }
stop_rsyslog() { stop_server rsyslogd; }
start_crm && start_post && start_rsyslog || { echo "not ok - the servers come up"; exit 1; }

export PONTLEVIS_GATEWAY_WEBHOOK_URL=https://localhost:$crm_port/pontlevis PONTLEVIS_GATEWAY_WEBHOOK_SECRET_FILE=$world/secret PONTLEVIS_GATEWAY_WEBHOOK_CA=$world/known-ca.pem \
  PONTLEVIS_GATEWAY_MAIL_HOST=localhost PONTLEVIS_GATEWAY_MAIL_PORT=$tls_port PONTLEVIS_GATEWAY_MAIL_CA=$world/known-ca.pem PONTLEVIS_GATEWAY_MAIL_USER=passerelle \
  PONTLEVIS_GATEWAY_MAIL_PASSWORD_FILE=$world/post.password PONTLEVIS_GATEWAY_MAIL_FROM=passerelle@vendor.example PONTLEVIS_GATEWAY_MAIL_COMPLIANCE=conformite@vendor.example \
  PONTLEVIS_GATEWAY_SYSLOG_HOST=localhost PONTLEVIS_GATEWAY_SYSLOG_PORT=$syslog_port PONTLEVIS_GATEWAY_SYSLOG_CA=$world/known-ca.pem PONTLEVIS_GATEWAY_CSV_FOLDER=$world/files
lab_for_scenario 3
program gateway contact set "$practice" --data "$lab/gateway" --mail cabinet@practice.example >/dev/null || { echo "not ok - the practice has an address"; broken=1; exit 1; }

# ---- in few words ----
one_more() { # LOGIN: an intervention from request to report; prints its number
  local id
  id=$(open_session "$1" --tools shell) && finish_and_report "$1" "$id" >/dev/null && wait_for "it to close" in_state "$1" "$id" CLOSED && echo "$id"
}
deliveries() { program gateway delivery list --data "$lab/gateway" --json "$@"; }
of() { deliveries | jq -r --arg id "$1" --arg channel "$2" '[.deliveries[] | select(.intervention==$id and .channel==$channel)][0].'"$3"; } # ID CHANNEL MEMBER
is() { [ "$(of "$1" "$2" "$3")" = "$4" ]; }
retry() { program gateway delivery retry --data "$lab/gateway" "$(of "$1" "$2" id)" >/dev/null; } # ID CHANNEL
hurry() { retry "$@" 2>/dev/null || true; }  # its own next try may come first
heard() { jq -c --arg id "$1" 'select(.body.data.intervention==$id)' "$world/crm.jsonl" 2>/dev/null; }
heard_times() { [ "$(heard "$1" | wc -l)" -ge "$2" ]; }
numbers() { heard "$1" | jq -r .id | sort -u | wc -l; }  # different messages about it
crm_is() { echo "$1" >"$world/crm.mode"; }
post_is() { echo "$1" >"$world/post.mode"; }

# ---- webhooks ----
first=$(one_more alice) || { echo "not ok - an intervention runs"; broken=1; exit 1; }
taken() {
  wait_for "the CRM to take it" is "$first" webhook state ACKNOWLEDGED &&
    expect "one message" test "$(heard "$first" | wc -l)" = 1 && expect "signed as Standard Webhooks says" test "$(heard "$first" | jq .good)" = true &&
    expect "its key is its number" test "$(heard "$first" | jq .same_key)" = true && expect "the CRM's number is kept" is "$first" webhook crm_ref DOS-1000
}
promise "a closed intervention reaches the CRM once, signed, and its number there comes back" taken
minimal() {
  local said
  said=$(heard "$first" | jq -r .raw)
  says "$said" '"type":"intervention.closed"' && says "$said" "Alice Exemple" && says "$said" "Relance faite" && says "$said" '"ticket":"DOS-1"' &&
    refute "the reason" grep -q "Panne d impression" <<<"$said" && refute "an address" grep -qE '127\.0\.0\.1|::1' <<<"$said"
}
promise "it says what the charter asks for and no more" minimal
recorded() {
  wait_for "the record" sh -c "'$bin/pontlevis-audit' show --data '$lab/gateway' $first --json | grep -q DOS-1000" && both_verify
}
promise "the acknowledgement is a record, and the log verifies" recorded

crm_is fail
second=$(one_more alice)
fails_and_comes_back() {
  wait_for "two failures" heard_times "$second" 2 && expect "it waits" is "$second" webhook state WAITING &&
    expect "it says why" is "$second" webhook last_error "the CRM answered 500" && crm_is take && hurry "$second" webhook &&
    wait_for "it to be taken" is "$second" webhook state ACKNOWLEDGED && expect "one number at every try" test "$(numbers "$second")" = 1
}
promise "a CRM that fails hears it again under the same number" fails_and_comes_back

crm_is hang
third=$(one_more alice)
restart_between() {
  wait_for "the message at a CRM that says nothing" heard_times "$third" 1 && stop_daemon gateway && crm_is take && start_gateway &&
    wait_for "it to be taken" is "$third" webhook state ACKNOWLEDGED && expect "one number" test "$(numbers "$third")" = 1 &&
    expect "nothing of before is told again" test "$(heard "$first" | wc -l)" = 1
}
promise "a restart in the middle of a try loses nothing and doubles nothing" restart_between

use_bruno() { lab_technician bruno; }
use_bruno
wait_for "the practice's link" link_is_up
crm_is drop
fourth=$(one_more bruno)
dropped_answer() {
  wait_for "the message" heard_times "$fourth" 1 && crm_is take && hurry "$fourth" webhook && wait_for "it to be taken" is "$fourth" webhook state ACKNOWLEDGED &&
    expect "one number" test "$(numbers "$fourth")" = 1 && expect "the CRM made one entry of it" is "$fourth" webhook crm_ref DOS-1003
}
promise "an answer that is lost makes no second entry" dropped_answer

stop_crm
use_certificate foreign
start_crm
fifth=$(one_more bruno)
foreign_certificate() {
  wait_for "a try" sh -c "[ \"\$('$bin/pontlevis-gateway' delivery list --data '$lab/gateway' --json | jq --arg id $fifth '[.deliveries[]|select(.intervention==\$id and .channel==\"webhook\" and .tries>0)]|length')\" = 1 ]" &&
    expect "nothing was sent" test -z "$(heard "$fifth")" && says "$(of "$fifth" webhook last_error)" "certificate" &&
    stop_crm && use_certificate known && start_crm && hurry "$fifth" webhook && wait_for "it to be taken" is "$fifth" webhook state ACKNOWLEDGED
}
promise "a server that is not the CRM hears nothing" foreign_certificate

crm_is redirect
sixth=$(one_more bruno)
redirected() {
  wait_for "the message" heard_times "$sixth" 1 && wait_for "the answer to be judged" is "$sixth" webhook last_error "the CRM answered 307: redirects are not followed" &&
    expect "nothing elsewhere" test "$(heard "$sixth" | jq -r .path | sort -u)" = /pontlevis
}
promise "a redirect is not followed" redirected
put_aside() {
  crm_is refuse && hurry "$sixth" webhook && wait_for "it to be put aside" is "$sixth" webhook state REFUSED &&
    program gateway delivery drop --data "$lab/gateway" "$(of "$sixth" webhook id)" --reason "saisi à la main" >/dev/null && expect "it is dropped" is "$sixth" webhook state DROPPED &&
    refute "it can be tried again" retry "$sixth" webhook && expect "no body is left" test -z "$(sqlite3 "$lab/gateway/gateway.db" "SELECT id FROM outbox WHERE state='DROPPED' AND body IS NOT NULL")"
}
promise "what the CRM will never take waits for a person, who drops it with a reason" put_aside

# The first one once more, as a person asks for it, to a CRM that is slow, busy or out of its mind.
resend() { program gateway delivery resend --data "$lab/gateway" "$first" >/dev/null && wait_for "a new message" heard_times "$first" "$1"; } # MESSAGES AND TRIES SO FAR
late() { crm_is late && resend 2 && wait_for "it to be taken" is "$first" webhook state ACKNOWLEDGED && expect "one try" test "$(heard "$first" | wc -l)" = 2; }
promise "a slow answer is waited for" late
busy() { crm_is busy && resend 3 && crm_is take && wait_for "it to be taken without anybody's help" is "$first" webhook state ACKNOWLEDGED && expect "one number" test "$(numbers "$first")" = 3; }
promise "a CRM that is busy is asked again when it said" busy
too_long() {
  crm_is long && resend 5 && wait_for "it to be refused" sh -c "[ \"\$('$bin/pontlevis-gateway' delivery list --data '$lab/gateway' --json | jq -r --arg id $first '[.deliveries[]|select(.intervention==\$id)][0].last_error')\" != '' ]" &&
    crm_is take && hurry "$first" webhook && wait_for "it to be taken" is "$first" webhook state ACKNOWLEDGED && expect "one number" test "$(numbers "$first")" = 4
}
promise "an answer without end is cut, and the message told again" too_long

# Retention's own way to say that a row is destroyed: it names nobody any more.
crm_is take
deletion() {
  sqlite3 "$lab/gateway/gateway.db" "PRAGMA busy_timeout=5000; UPDATE interventions SET lead='' WHERE id='$second'" >/dev/null && program gateway delivery resend --data "$lab/gateway" "$first" >/dev/null &&
    wait_for "the order" sh -c "grep -q '\"type\":\"intervention.deletion\"' '$world/crm.jsonl'" && wait_for "its acknowledgement" is "$second" webhook subject deletion &&
    wait_for "its acknowledgement" is "$second" webhook state ACKNOWLEDGED && expect "it names the CRM's entry" test "$(heard "$second" | jq -r 'select(.body.type=="intervention.deletion").body.data.crm_ref')" = DOS-1001 &&
    expect "its state is known" test "$(sqlite3 "$lab/gateway/gateway.db" "SELECT state FROM crm WHERE intervention='$second'")" = DELETED
}
promise "what is destroyed here is ordered to be deleted there, and the acknowledgement is kept" deletion

# ---- mail ----
letter_about() { grep -l "$(printf '%s' "$1" | cut -c1-8)" "$world"/letters/*.eml 2>/dev/null | head -1; }
has_letter() { [ -n "$(letter_about "$1")" ]; }
report_mailed() {
  wait_for "the letter" has_letter "$first" && expect "a mail program reads it" python3 "$here/read_letter.py" "$(letter_about "$first")" "Compte rendu d'intervention" "Personne en charge : Alice Exemple" \
    "Tâches effectuées : Relance faite" "Person in charge: Alice Exemple" "Report of intervention" &&
    says "$(cat "$world/post.seen")" "rcpt cabinet@practice.example tls=True" && says "$(cat "$world/post.seen")" "good" && refute "a wrong sign-in" grep -q bad "$world/post.seen"
}
promise "the report reaches the practice by mail over TLS, signed in, in French and English" report_mailed
told_of_dead_letter() { wait_for "the letter" grep -lq "conformite@vendor.example" -r "$world/letters" && grep -l "conformite@vendor.example" "$world"/letters/*.eml | head -1 | xargs -I{} python3 "$here/read_letter.py" {} "Message mis de côté" >/dev/null; }
promise "compliance is told of a message that was put aside" told_of_dead_letter

post_is later
seventh=$(one_more bruno)
later_then_taken() {
  wait_for "a try" is "$seventh" mail last_error "the mail server answered 450" && post_is take && hurry "$seventh" mail && wait_for "it to be taken" is "$seventh" mail state ACKNOWLEDGED &&
    expect "one letter" test "$(grep -l "$(printf '%s' "$seventh" | cut -c1-8)" "$world"/letters/*.eml | wc -l)" = 1
}
promise "a mail server that says later gets it later, once" later_then_taken
post_is refuse
eighth=$(one_more bruno)
refused_for_good() { wait_for "it to be put aside" is "$eighth" mail state REFUSED && expect "it says why" is "$eighth" mail last_error "the mail server answered 550"; }
promise "a letter that is refused for good is put aside" refused_for_good

reconfigured() { stop_daemon gateway && export PONTLEVIS_GATEWAY_MAIL_PORT=$1 PONTLEVIS_GATEWAY_MAIL_SECURITY=$2 && start_gateway; }
no_tls() {
  post_is take && reconfigured "$plain_port" starttls && retry "$eighth" mail && wait_for "a try" is "$eighth" mail last_error "the mail server offers no STARTTLS, and nothing is said in the clear" &&
    refute "anything in the clear" grep -q "tls=False" "$world/post.seen"
}
promise "without TLS nothing is said, not even to whom" no_tls
starttls() { reconfigured "$starttls_port" starttls && retry "$eighth" mail && wait_for "it to be taken" is "$eighth" mail state ACKNOWLEDGED && expect "the letter" has_letter "$eighth"; }
promise "STARTTLS is as good" starttls

# ---- syslog ----
in_syslog() { grep -qE "$1" "$world/syslog.out"; }
syslog_hears() {
  as_tech nobody ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p "$(ports gateway ssh)" inconnu@localhost true >/dev/null 2>&1
  wait_for "an event" in_syslog '1 pontlevis-gateway gateway\.serving \[pontlevis@32473 ' && wait_for "the practice's link" in_syslog 'agent\.connected \[pontlevis@32473 .*practice="cabinet-exemple"'
}
promise "rsyslog takes our events over TLS as RFC 5424" syslog_hears
syslog_back() {
  stop_rsyslog && wait_for "the gateway to notice" grep -q '"syslog.away"' "$lab/gateway.log" && start_rsyslog && wait_for "it to be found again" grep -q '"syslog.connected"' "$lab/gateway.log" &&
    stop_daemon agent && start_agent && wait_for "the link" link_is_up && wait_for "the event of after" sh -c "[ \$(grep -c 'agent.connected' '$world/syslog.out') -ge 2 ]"
}
promise "a syslog server that went away is found again" syslog_back
promise "no network address is in what it took" refute "an address" grep -qE '([0-9]{1,3}\.){3}[0-9]{1,3}' "$world/syslog.out"

# ---- files ----
yesterday=$(date -u -d yesterday +%F)
csv_file() {
  sqlite3 "$lab/gateway/gateway.db" "PRAGMA busy_timeout=5000; UPDATE closed_on SET at = at - 86400000; DELETE FROM csv_days;" >/dev/null
  local file=pontlevis-interventions-$yesterday.csv _
  for _ in 1 2; do wait_for "the file" grep -qs "$first" "$world/files/$file" && break; done
  (cd "$world/files" && sha256sum --quiet -c "$file.sha256") && python3 - "$world/files/$file" "$first" "$second" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
assert all(len(row) == len(rows[0]) for row in rows), "rows of different lengths"
assert rows[0][0] == "Numéro d'intervention / Intervention number"
ids = [row[0] for row in rows[1:]]
assert sys.argv[2] in ids and sys.argv[3] not in ids, "the destroyed one is not in the file"
PY
}
promise "the day's file is there, whole, with its sum, and without what was destroyed" csv_file

promise "both logs verify at the end" both_verify
promise "no message of the gateway's own log names an address" refute "an address" grep -qE '"(delivery|mail|syslog|csv|outward)\.[a-z_]*".*([0-9]{1,3}\.){3}[0-9]' "$lab/gateway.log"
end_of_scenario
