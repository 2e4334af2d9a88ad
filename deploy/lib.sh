# Shared by deploy/quickstart and tests/run. Source it; it sets nothing but functions and colours.

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m'; dim=$'\e[2m'; plain=$'\e[0m'; else bold=; dim=; plain=; fi

# die WHAT [HINT]: one sentence, a hint, exit 1.
die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  [ -n "${2:-}" ] && printf '  hint: %s\n' "$2" >&2
  exit 1
}

missing_packages() {
  local name
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${Status}' "$name" 2>/dev/null)" = "install ok installed" ] || printf '%s ' "$name"
  done
}

# need_packages NAME…: installs by name what is missing, with apt-get; quick when nothing is.
need_packages() {
  local missing sudo=
  missing=$(missing_packages "$@")
  [ -z "$missing" ] && return 0
  command -v apt-get >/dev/null || die "this script installs packages with apt-get, which is not here" "use Debian 12"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing: $missing" "run it as root, or install them first"
    sudo=sudo
  fi
  printf '%sInstalling: %s%s\n' "$dim" "$missing" "$plain"
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 ||
    { DEBIAN_FRONTEND=noninteractive $sudo apt-get update >/dev/null 2>&1
      DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $missing >&2; } ||
    die "apt-get could not install: $missing" "look at the lines above; is the package source reachable?"
}

# need_node: node 18 or later and npm, Debian's own where there is none.
need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then need_packages nodejs npm; fi
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] ||
    die "node $(node --version) is too old to build the pages" "version 18 or later, such as Debian 12's"
}

# copy_pages FOLDER: the sources of every page, without what was installed or built beside them.
copy_pages() {
  local source part
  for source in web/*/; do
    part=$(basename "$source")
    case $part in node_modules | dist | cmake) continue ;; esac
    rm -rf "${1:?}/$part"
    cp -r "web/$part" "$1/$part"
  done
  cp web/*.json web/*.mjs web/.npmrc "$1/"
}

packages_of() { grep -v '^#' "$1" | grep .; }

# build_preset PRESET TARGET…: configures and builds quietly; the log is shown when it fails.
build_preset() {
  local preset=$1 log
  shift
  log=build/$preset.log
  mkdir -p build
  { cmake --preset "$preset" && cmake --build --preset "$preset" --target "$@"; } >"$log" 2>&1 || {
    tail -40 "$log" >&2
    die "the build failed (preset $preset)" "the whole log is in $log"
  }
}
