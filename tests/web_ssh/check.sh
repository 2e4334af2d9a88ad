#!/usr/bin/env bash
# SSH in the browser against real servers: first the client alone (Node), then the session in Chromium under the
# gateway's content policy. ONLY=words runs the promises that say so; PONTLEVIS_SHOTS=folder keeps pictures.
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/lib.sh
node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || { echo "skipped: Node 20 or later is needed (found: $(node --version 2>/dev/null || echo none))"; exit 77; }
[ -x /usr/sbin/sshd ] || { echo "skipped: no sshd (openssh-server)"; exit 77; }
export SSH_TEST_SERVER=${SSH_TEST_SERVER:-$PWD/build/dev/bin/ssh_test_server}
[ -x "$SSH_TEST_SERVER" ] || { echo "skipped: no ssh_test_server at $SSH_TEST_SERVER"; exit 77; }

copy=build/web-ssh
mkdir -p "$copy"
copy_pages "$copy"
if [ ! -e "$copy/installed" ] || ! cmp -s "$copy/package-lock.json" "$copy/installed"; then
  (cd "$copy" && npm ci --ignore-scripts --prefer-offline --loglevel=error >npm.log 2>&1) || { tail -20 "$copy/npm.log" >&2; die "npm ci failed" "is the package registry reachable?"; }
  cp "$copy/package-lock.json" "$copy/installed"
fi
export PONTLEVIS_WEB=$PWD/$copy
tests=(tests/web_ssh/client_test.mjs)
if [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then tests+=(tests/web_ssh/view_test.mjs); else echo "# no Chromium: the session's view is left out"; fi
node --expose-gc --test --test-concurrency=1 --test-timeout=300000 ${ONLY:+--test-name-pattern="$ONLY"} "${tests[@]}"
