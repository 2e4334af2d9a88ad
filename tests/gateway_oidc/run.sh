#!/usr/bin/env bash
# Signing in to the console with a real identity provider (npm oidc-provider) over TLS, first honest, then telling
# one lie at a time, on the real gateway. BIN names the programs.
node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || { echo "skipped: Node 20 or later is needed to run the identity provider (found: $(node --version 2>/dev/null || echo none))"; exit 77; }
. "$(dirname "$0")/../scenarios/harness.sh"
copy=$PWD/build/gateway_oidc

packages() { # in a copy outside the source tree, again only when the lock changed
  mkdir -p "$copy"
  cmp -s tests/gateway_oidc/package-lock.json "$copy/installed-lock.json" ||
    { cp tests/gateway_oidc/package.json tests/gateway_oidc/package-lock.json tests/gateway_oidc/.npmrc "$copy/" &&
      (cd "$copy" && npm ci --ignore-scripts >npm.log 2>&1) && cp tests/gateway_oidc/package-lock.json "$copy/installed-lock.json"; } || return 1
  cp tests/gateway_oidc/*.mjs "$copy/"
}
mkdir -p "$copy" && (flock 9 && packages) 9>"$copy/.lock" || { echo "not ok - the provider's packages install"; tail -5 "$copy/npm.log"; echo "0 passed, 1 failed"; exit 1; }

# The provider's own small CA; the gateway is told of it, and of nothing else.
provider_certificate() {
  local home=$work/provider
  mkdir -p "$home"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$home/ca.key" -out "$home/ca.pem" -days 2 -subj "/CN=CA Exemple" \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -keyout "$home/key.pem" -out "$home/request.pem" -subj "/CN=localhost" 2>/dev/null
  openssl x509 -req -in "$home/request.pem" -CA "$home/ca.pem" -CAkey "$home/ca.key" -CAcreateserial -days 2 -out "$home/cert.pem" \
    -extfile <(printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n') 2>/dev/null
  (umask 077; printf 'un secret du client exemple\n' >"$home/client.secret")
}
provider_certificate
export provider_port
provider_port=$(free_port)
export PONTLEVIS_GATEWAY_OIDC_ISSUER=https://localhost:$provider_port PONTLEVIS_GATEWAY_OIDC_CLIENT_ID=console \
  PONTLEVIS_GATEWAY_OIDC_NAME="Annuaire Exemple" PONTLEVIS_GATEWAY_OIDC_CA=$work/provider/ca.pem \
  PONTLEVIS_GATEWAY_OIDC_CLIENT_SECRET_FILE=$work/provider/client.secret PONTLEVIS_GATEWAY_OIDC_MFA=mfa

gateway_alone() { # no practice takes part
  accounts=yes technicians=2
  mkdir -p "$lab/cm"
  lab_people && lab_gateway && lab_accounts && start_gateway
}
(set -e; gateway_alone) || { echo "not ok - the gateway comes up"; broken=1; exit 1; }
program gateway user link --data "$lab/gateway" alice --subject sub-alice >/dev/null || { echo "not ok - alice is linked"; exit 1; }

gateway_origin=https://localhost:$(ports gateway https)
gateway_ca=$lab/gateway/keys/ca.pem
export gateway_origin gateway_ca work lab bin
node --test-reporter=spec --test "$copy/walk.test.mjs" &
walk=$!
started+=("$walk")
if wait "$walk"; then kept=$((kept + 1)); else broken=$((broken + 1)); fi
started=()
end_of_scenario
