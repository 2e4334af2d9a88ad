# A gateway and a practice on this machine, real in every part, with plainly sample data. Sourced by
# deploy/quickstart. Functions take their place from $lab (a folder), $bin (our programs), $port_base.

practice=cabinet-exemple
system_id=serveur

program() { # NAME ARGS…: one of ours
  local name=$1
  shift
  "$bin/pontlevis-$name" "$@"
}

free_port() { # not in use now, and none that the system gives to outgoing connections: a restart must find it free
  python3 - <<'PY'
import random, socket
lowest_outgoing = int(open("/proc/sys/net/ipv4/ip_local_port_range").read().split()[0])
for _ in range(200):
    port = random.randrange(10000, lowest_outgoing) if lowest_outgoing > 12000 else 0
    with socket.socket() as s:
        try: s.bind(("127.0.0.1", port))
        except OSError: continue
        print(s.getsockname()[1])
        break
PY
}
port_number() { # OFFSET
  if [ "${port_base:-0}" -gt 0 ]; then echo $((port_base + $1)); else free_port; fi
}

# The user that a session's shell runs as: this user, or an unprivileged one when we are root.
session_prefix() {
  [ "$(id -u)" = 0 ] || return 0
  printf '"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", "env", "HOME=%s", "USER=nobody", "LOGNAME=nobody", ' "$lab/home"
}

lab_people() { # one staff card and one TOTP secret a technician
  local i login
  program certs staff init --name staff.vendor.example --out "$lab/staff" >/dev/null 2>&1
  for i in $(seq 1 "$technicians"); do
    login=$(technician_login "$i")
    mkdir -p "$lab/tech/$login/ssh"
    ssh-keygen -q -t ed25519 -N '' -C "$login" -f "$lab/tech/$login/ssh/id_ed25519"
    program certs card issue --staff-key "$lab/staff/staff.key" --login "$login" --name "$(technician_name "$i")" \
      --employer "Éditeur Exemple" --country FR --qualification "Technicien de maintenance" \
      --confidentiality-ref ENG-C-"$i" --confidentiality-date 2026-01-05 \
      --action-limit-ref ENG-L-"$i" --action-limit-date 2026-01-05 \
      --ssh-key "$lab/tech/$login/ssh/id_ed25519.pub" --out "$lab/tech/$login/card.note" >/dev/null
    (umask 077; head -c 20 /dev/urandom | base32 >"$lab/tech/$login/totp")
  done
}
technician_login() { case $1 in 1) echo alice ;; 2) echo bruno ;; *) echo "tech$1" ;; esac; }
technician_name() { case $1 in 1) echo "Alice Exemple" ;; 2) echo "Bruno Exemple" ;; *) echo "Technicien Exemple $1" ;; esac; }

lab_gateway() {
  local i login
  program gateway init --data "$lab/gateway" --vendor "Éditeur Exemple" --domain vendor.example \
    --vendor-dpo-contact dpo@vendor.example --vendor-address "1 rue de l'Exemple, 75000 Paris" \
    --staff-vkey "$lab/staff/staff.vkey" --host localhost \
    --listen-https-address 127.0.0.1 --listen-https-port "$(port_number 0)" \
    --listen-ssh-address 127.0.0.1 --listen-ssh-port "$(port_number 1)" --listen-metrics-port "$(port_number 2)" >/dev/null
  program gateway practice add "$practice" --data "$lab/gateway" --name "Cabinet Exemple" --contract CONTRAT-2026-001 \
    --valid-from 2026-01-01 --valid-until 2030-12-31 >/dev/null
  for i in $(seq 1 "$technicians"); do
    login=$(technician_login "$i")
    program gateway technician add --data "$lab/gateway" --card "$lab/tech/$login/card.note" \
      --totp-secret-file "$lab/tech/$login/totp" >/dev/null
  done
  (umask 077; program certs code issue --staff-key "$lab/staff/staff.key" --trust "$lab/gateway/trust.json" \
    --practice "$practice" --out "$lab/code.note" >"$lab/code.txt" 2>/dev/null)
  program gateway code add --data "$lab/gateway" "$lab/code.note" >/dev/null
}

# Who signs in to the console: every technician, and one person of each other role.
lab_accounts() {
  local i
  for i in $(seq 1 "$technicians"); do lab_account "$(technician_login "$i")" technician; done
  lab_account admin administrator --name "Ada Exemple"
  lab_account conformite compliance --name "Chantal Exemple"
  lab_account audit auditor --name "Audrey Exemple" --until "$(date -u -d "+90 days" +%F)"
}
lab_account() { # LOGIN ROLE OPTIONS…
  local login=$1 role=$2 home=$lab/tech/$1
  shift 2
  mkdir -p "$home"
  (umask 077; printf 'trois mots d essai\n' >"$home/password")
  [ "$role" = technician ] || { (umask 077; head -c 20 /dev/urandom | base32 >"$home/totp"); set -- "$@" --totp-secret-file "$home/totp"; }
  program gateway user add --data "$lab/gateway" --login "$login" --role "$role" --password-file "$home/password" "$@" >/dev/null
}

start_daemon() { # NAME COMMAND…: in the background, its log and its process number in the lab
  local name=$1
  shift
  "$@" >"$lab/$name.log" 2>&1 &
  echo $! >"$lab/$name.pid"
  wait_for "$name to be ready" test -e "$lab/$name/ports.json"
}
wait_for() { # WHAT COMMAND…: looks every tenth of a second, half a minute at most
  local what=$1 _
  shift
  for _ in $(seq 1 300); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done
  [ -s "$lab/gateway.log" ] && tail -5 "$lab/gateway.log" >&2
  [ -s "$lab/agent.log" ] && tail -5 "$lab/agent.log" >&2
  die "gave up waiting for $what" "the logs are in $lab"
}
start_gateway() { rm -f "$lab/gateway/ports.json"; start_daemon gateway "$bin/pontlevis-gateway" serve --data "$lab/gateway"; }
start_agent() { rm -f "$lab/agent/ports.json"; start_daemon agent "$bin/pontlevis-agent" serve --data "$lab/agent"; }
stop_daemon() { # NAME: asks, waits, and only then insists
  local pid _
  pid=$(cat "$lab/$1.pid" 2>/dev/null) || return 0
  rm -f "$lab/$1.pid"
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 1 100); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true
}

ports() { jq -r ".$2" "$lab/$1/ports.json"; }

write_systems() {
  local prefix
  prefix=$(session_prefix)
  mkdir -p "$lab/home"
  [ "$(id -u)" = 0 ] && chown 65534:65534 "$lab/home"
  tcp_port=$(port_number 4)
  cat >"$lab/agent/systems.toml" <<EOF
# What this practice offers, and nothing else.
[[system]]
id = "$system_id"
label = "Serveur du cabinet"
hosting = "local"
[system.shell]
command = [$prefix"bash"]
exec = [$prefix"bash", "-c"]
folder = "$lab/home"
[system.files]
prefix = [${prefix%, }]
folder = "$lab/home"
[system.tcp.base]
host = "127.0.0.1"
port = $tcp_port
label = "Base de données d'essai"
EOF
  ! declare -F more_tools >/dev/null || more_tools >>"$lab/agent/systems.toml"  # what a scenario adds
}

lab_agent() {
  (umask 077; printf 'pont-levis exemple 1\n' >"$lab/approver.password")
  program agent enroll --data "$lab/agent" --practice "$practice" --gateway "localhost:$(ports gateway https)" \
    --code-file "$lab/code.txt" >/dev/null
  write_systems
  cat >"$lab/agent/agent.toml" <<EOF
[agent]
practice_name = "Cabinet Exemple"
[page]
port = $(port_number 3)
[link]
longest_wait_seconds = 2
[notice]
vendor_name = "Éditeur Exemple"
vendor_address = "1 rue de l'Exemple, 75000 Paris"
dpo_contact = "dpo@vendor.example"
EOF
  start_agent
  program agent approver add dr-exemple --data "$lab/agent" --name "Dr Camille Exemple" --role OWNER \
    --password-file "$lab/approver.password" >/dev/null
  wait_for "the practice's link" link_is_up
}
link_is_up() { [ "$(program agent status --data "$lab/agent" --json | jq -r .link)" = UP ]; }

# What a technician's machine holds: key, ssh_config, known_hosts, and an answerer that stands for
# the person at the keyboard (authenticator app, and the password heard on the phone).
lab_technician() { # LOGIN
  local home=$lab/tech/$1/ssh login=$1 key
  for key in "$lab"/gateway/keys/ssh_host_*_key; do echo "pontlevis-gateway $(ssh-keygen -y -f "$key")"; done \
    >"$home/pontlevis_known_hosts"
  cat >"$home/config" <<EOF
Host pontlevis-gateway
    HostName localhost
    Port $(ports gateway ssh)
    User $login
    HostKeyAlias pontlevis-gateway
    StrictHostKeyChecking yes
    UserKnownHostsFile $home/pontlevis_known_hosts
    ControlMaster auto
    ControlPath $lab/cm/$login-%C
    ControlPersist 10m
Host *
    IdentityFile $home/id_ed25519
    IdentitiesOnly yes
EOF
  cat >"$home/answer" <<EOF
#!/bin/sh
# The one-time password of the practice is what was read out; any other code comes from the app.
case \$1 in
  *"One-time password"*) cat "$lab/tech/$login/heard" ;;
  *) oathtool --totp -b "\$(cat "$lab/tech/$login/totp")" ;;
esac
EOF
  chmod 700 "$home/answer"
}

as_tech() { # LOGIN COMMAND…: with that person's answers
  local login=$1
  shift
  SSH_ASKPASS="$lab/tech/$login/ssh/answer" SSH_ASKPASS_REQUIRE=force "$@"
}
tssh() { # LOGIN ARGS…: the stock ssh of that person
  local login=$1
  shift
  as_tech "$login" ssh -F "$lab/tech/$login/ssh/config" "$@"
}
front() { # LOGIN COMMAND…: one command of the gateway's front
  local login=$1
  shift
  tssh "$login" pontlevis-gateway "$@"
}

# What `config` prints, put where this lab keeps it instead of ~/.ssh.
use_config() { # LOGIN ID
  local home=$lab/tech/$1/ssh answer
  answer=$(front "$1" config "$2" --json)
  jq -r .ssh_config <<<"$answer" | sed "s|~/.ssh/pontlevis_known_hosts|$home/pontlevis_known_hosts|; s|~/.ssh/pontlevis-%C|$lab/cm/$1-%C|" >"$home/config.new"
  printf 'Host *\n    IdentityFile %s\n    IdentitiesOnly yes\n' "$home/id_ed25519" >>"$home/config.new"
  jq -r '.known_hosts[]' <<<"$answer" >"$home/pontlevis_known_hosts"
  mv "$home/config.new" "$home/config"
}

lab_up() {
  mkdir -p "$lab/cm"
  chmod 711 "$lab"
  lab_people
  lab_gateway
  [ -z "${accounts:-}" ] || lab_accounts
  start_gateway
  lab_agent
  local i
  for i in $(seq 1 "$technicians"); do lab_technician "$(technician_login "$i")"; done
  write_lab_json
}
lab_down() {
  local control
  for control in "$lab"/cm/*; do [ -S "$control" ] && ssh -o ControlPath="$control" -O exit any >/dev/null 2>&1; done
  stop_daemon agent
  stop_daemon gateway
}

account_json() { # LOGIN
  [ -e "$lab/tech/$1/password" ] || { echo null; return; }
  jq -n --arg login "$1" --arg password "$(cat "$lab/tech/$1/password")" --arg totp "$(cat "$lab/tech/$1/totp")" '{login:$login,password:$password,totp_secret:$totp}'
}
write_lab_json() {
  local people=() i login
  for i in $(seq 1 "$technicians"); do
    login=$(technician_login "$i")
    people+=("$(jq -n --arg login "$login" --arg name "$(technician_name "$i")" --arg key "$lab/tech/$login/ssh/id_ed25519" \
      --arg totp "$(cat "$lab/tech/$login/totp")" --arg config "$lab/tech/$login/ssh/config" \
      --arg password "$(cat "$lab/tech/$login/password" 2>/dev/null)" \
      '{login:$login,name:$name,ssh_key:$key,password:(if $password=="" then null else $password end),totp_secret:$totp,ssh_config:$config}')")
  done
  printf '%s\n' "${people[@]}" | jq -s \
    --arg https "https://localhost:$(ports gateway https)" --argjson ssh "$(ports gateway ssh)" --arg ca "$lab/gateway/keys/ca.pem" \
    --argjson gpid "$(cat "$lab/gateway.pid")" --arg gdata "$lab/gateway" --arg page "http://127.0.0.1:$(ports agent page)" \
    --argjson apid "$(cat "$lab/agent.pid")" --arg adata "$lab/agent" --arg aconf "$lab/agent/agent.toml" \
    --arg practice "$practice" --arg system "$system_id" --argjson tcp "$tcp_port" --arg password "$(cat "$lab/approver.password")" --arg bin "$bin" \
    --argjson administrator "$(account_json admin)" --argjson compliance "$(account_json conformite)" --argjson auditor "$(account_json audit)" \
    '{gateway:{https:$https,ssh_port:$ssh,ca:$ca,pid:$gpid,data:$gdata},
      agent:{page:$page,pid:$apid,data:$adata,config:$aconf},
      practice:$practice,systems:[$system],tcp:{name:"base",port:$tcp},technicians:.,
      approver:{login:"dr-exemple",password:$password},
      administrator:$administrator,compliance:$compliance,auditor:$auditor,bin:$bin}' >"$lab/lab.json.part"
  mv "$lab/lab.json.part" "$lab/lab.json"
}
