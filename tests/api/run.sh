#!/usr/bin/env bash
# docs/api/openapi.json, first by itself and then against the running gateway: every operation is walked with good
# and bad input, as every role, and every answer is held against the document. BIN names the programs.
#   bash tests/api/run.sh [--lint]     only the document by itself
node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 18 ] || { echo "skipped: Node 18 or later is needed to hold the API against its document (found: $(node --version 2>/dev/null || echo none))"; exit 77; }
only_lint=${1:-}
# A walk takes longer than proof of presence lasts by itself, and tries more wrong things than one person would.
export PONTLEVIS_GATEWAY_SESSION_STEP_UP_MINUTES=60 PONTLEVIS_GATEWAY_SIGNIN_TRIES_PER_SOURCE=60
. "$(dirname "$0")/../scenarios/harness.sh"
copy=$PWD/build/api

packages() { # in a copy outside the source tree, again only when the lock changed
  mkdir -p "$copy/docs/api" "$copy/tests"
  rm -rf "$copy/tests/api.new" && mkdir "$copy/tests/api.new" && cp -r tests/api/. "$copy/tests/api.new/" && rm -rf "$copy/tests/api.new/node_modules"
  cmp -s tests/api/package-lock.json "$copy/installed-lock.json" ||
    { cp tests/api/package.json tests/api/package-lock.json tests/api/.npmrc "$copy/" && (cd "$copy" && npm ci --ignore-scripts >npm.log 2>&1) && cp tests/api/package-lock.json "$copy/installed-lock.json"; } || return 1
  rm -rf "$copy/tests/api" && mv "$copy/tests/api.new" "$copy/tests/api" && cp docs/api/openapi.json "$copy/docs/api/"
}
mkdir -p "$copy" && (flock 9 && packages) 9>"$copy/.lock" || { echo "not ok - the packages of the API's tests install"; tail -5 "$copy/npm.log"; echo "0 passed, 1 failed"; exit 1; }
lint() { node --test "$copy/tests/api/lint.test.mjs"; }
promise "the document is OpenAPI 3.1 and keeps the house's rules" lint
[ "$only_lint" = --lint ] && { end_of_scenario; exit; }

# ---- who takes part ----
accounts=yes
lab_for_scenario 3
jq '[.technicians[] | {login,password,totp_secret,role:"technician"}] + [(.administrator + {role:"administrator"}), (.compliance + {role:"compliance"}), (.auditor + {role:"auditor"})]' \
  "$lab/lab.json" >"$lab/people.json"

# What is signed offline: the card of a fourth technician, its end, and the permit of a code for a second practice.
papers() {
  local home=$lab/papers
  mkdir -p "$home"
  ssh-keygen -q -t ed25519 -N '' -C tech4 -f "$home/key"
  program certs card issue --staff-key "$lab/staff/staff.key" --login tech4 --name "Technicien Exemple 4" --employer "Éditeur Exemple" --country FR \
    --qualification "Technicien de maintenance" --confidentiality-ref ENG-C-4 --confidentiality-date 2026-01-05 --action-limit-ref ENG-L-4 \
    --action-limit-date 2026-01-05 --ssh-key "$home/key.pub" --out "$home/card.note" >/dev/null &&
    program certs card revoke --staff-key "$lab/staff/staff.key" --card "$home/card.note" --reason "essai" --out "$home/revocation.note" >/dev/null &&
    (umask 077; program certs code issue --staff-key "$lab/staff/staff.key" --trust "$lab/gateway/trust.json" --practice cabinet-deux --out "$home/code.note" >/dev/null 2>&1)
}
promise "papers are signed offline" papers
[ "$broken" = 0 ] || { end_of_scenario; exit 1; }

export work lab bin practice system_id port_base technicians tcp_port
while read -r _ _ name; do export -f "${name?}"; done < <(declare -F)
source_root=$PWD node --test-reporter=spec --test "$copy/tests/api/walk.test.mjs" &
walk=$!
started+=("$walk")
if wait "$walk"; then kept=$((kept + 1)); else broken=$((broken + 1)); fi
started=()
end_of_scenario
