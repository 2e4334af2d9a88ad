# What both browser suites need: their packages, and Node driving the browser. Sourced after the harness, with
# $tests and $out set.

packages() { # installed outside the source tree, again only when the lock changed
  cmp -s "$tests/package-lock.json" "$out/installed-lock.json" && return
  cp "$tests/package.json" "$tests/package-lock.json" "$tests/.npmrc" "$out/" &&
    (cd "$out" && npm ci --ignore-scripts >"$out/npm.log" 2>&1) && cp "$tests/package-lock.json" "$out/installed-lock.json"
}
mkdir -p "$out" && (flock 9 && packages) 9>"$out/.lock" || { echo "not ok - the packages of the browser tests install"; tail -5 "$out/npm.log"; echo "0 passed, 1 failed"; exit 1; }

# Node uses the words of the harness: each is a function that its shells inherit. It runs in the background, so
# that a signal is answered at once: the browser is closed with its driver.
drive() { # SCRIPT
  local driver status
  export work lab bin practice system_id port_base technicians tcp_port chromium out
  while read -r _ _ name; do export -f "${name?}"; done < <(declare -F)
  node "$1" "$work/counts" &
  driver=$!
  started+=("$driver")
  wait "$driver"
  status=$?
  started=()
  read -r kept broken <"$work/counts" 2>/dev/null || { echo "the driver ended with status $status before it had counted"; broken=$((broken + 1)); }
}
