#!/usr/bin/env bash
# Our checkpoints, proofs, tiles, disclosures and timestamps before the tools of others: Debian's Go packages, npm's
# @sigstore/verify and @sd-jwt, openssl. BIN names our programs. No part is left out in silence: a missing tool fails.
set -uo pipefail
cd "$(dirname "$0")/../.."
bin=${BIN:?BIN names the folder of the programs}
copy=$PWD/build/interop
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
failed=0
ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1"; failed=1; }

for tool in go node npm openssl; do command -v "$tool" >/dev/null || { not_ok "$tool is needed: see tests/packages"; exit 1; }; done
[ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] || { not_ok "golang-golang-x-mod-dev is needed: see tests/packages"; exit 1; }

packages() { # in a copy outside the source tree, again only when the lock changed
  cmp -s tests/interop/package-lock.json "$copy/installed-lock.json" ||
    { cp tests/interop/package.json tests/interop/package-lock.json tests/interop/.npmrc "$copy/" &&
      (cd "$copy" && npm ci --ignore-scripts >npm.log 2>&1) && cp tests/interop/package-lock.json "$copy/installed-lock.json"; }
}
mkdir -p "$copy" && (flock 9 && packages) 9>"$copy/.lock" || { not_ok "the npm packages install"; tail -5 "$copy/npm.log"; exit 1; }
cp tests/interop/check.mjs "$copy/"

"$bin/interop_sample" "$work" || { not_ok "the sample is written"; exit 1; }
"$bin/pontlevis-audit" verify --bundle "$work/bundle" >"$work/report" && ok "our own verifier accepts the sample" || { not_ok "our own verifier accepts the sample"; cat "$work/report"; }

mkdir -p "$copy/go"
(cp tests/interop/check.go "$copy/go/" && cd "$copy/go" && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$copy/go-cache GOFLAGS= go build -o check check.go) && "$copy/go/check" "$work" &&
  ok "Debian's golang.org/x/mod/sumdb accepts our checkpoints, cosignatures, proofs and tiles, and refuses altered ones" || not_ok "Debian's golang.org/x/mod/sumdb"
(cd "$copy" && node check.mjs "$work") && ok "npm's @sigstore/verify and @sd-jwt accept our proofs and disclosures, and refuse altered ones" || not_ok "npm's @sigstore/verify and @sd-jwt"

# The checkpoint's Ed25519 signature with nothing but openssl: the text, the key and the signature, taken apart.
by_openssl() {
  local note=$work/bundle/checkpoint
  sed '/^$/q' "$note" | head -n -1 >"$work/text"
  { printf '302a300506032b6570032100' | xxd -r -p; sed 's/^.*+.*+//' "$work/bundle/log.vkey" | base64 -d 2>/dev/null | tail -c 32; } | openssl pkey -pubin -inform DER -out "$work/key.pem" 2>/dev/null
  sed -n '/^$/,$p' "$note" | sed -n 2p | awk '{print $3}' | base64 -d | tail -c +5 >"$work/signature"
  openssl pkeyutl -verify -rawin -pubin -inkey "$work/key.pem" -sigfile "$work/signature" -in "$work/text" >/dev/null || return 1
  printf 'x' >>"$work/text"
  ! openssl pkeyutl -verify -rawin -pubin -inkey "$work/key.pem" -sigfile "$work/signature" -in "$work/text" >/dev/null 2>&1
}
by_openssl && ok "openssl pkeyutl verifies the checkpoint, and refuses another text" || not_ok "openssl pkeyutl"
exit $failed
