# The packages of the browser tests, installed outside the source tree, again only when the lock changed.
# Sourced: $tests and $out are set.
packages() {
  cmp -s "$tests/package-lock.json" "$out/installed-lock.json" && return
  cp "$tests/package.json" "$tests/package-lock.json" "$tests/.npmrc" "$out/" &&
    (cd "$out" && npm ci --ignore-scripts >"$out/npm.log" 2>&1) && cp "$tests/package-lock.json" "$out/installed-lock.json"
}
mkdir -p "$out" && (flock 9 && packages) 9>"$out/.lock" || { echo "not ok - the packages of the browser tests install"; tail -5 "$out/npm.log"; echo "0 passed, 1 failed"; exit 1; }
