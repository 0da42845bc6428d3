#!/usr/bin/env bash
# Sets up what is missing, then hands over to console/cli.py, which knows every command: ./run.sh --help
# Each step leaves the hash of what it was made from, so the next start only compares hashes.
set -euo pipefail
export CALLED_FROM=$PWD      # file names on the command line are meant from here
cd "$(dirname "${BASH_SOURCE[0]}")"
unset PYTHONDONTWRITEBYTECODE      # some machines set it; each start would compile every module anew, a third of its time
VENV=.venv
LOCK=requirements.lock
NODE=--omit=dev           # what scripts and sheets are checked with is not needed to serve them
WHEELS=.tools/wheels      # brought along by ./run.sh bundle, with the kind of machine they are for

say() { echo "run.sh: $*" >&2; }
fail() { say "$@"; exit 1; }
hash_of() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-64; }
is_made() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }      # is_made STAMP HASH

set_up() {
  [ -w . ] || fail "$PWD is not yours to write in: run this as its owner, or copy the folder"
  mkdir -p .tools
  exec 9> .tools/lock
  if command -v flock >/dev/null; then flock 9; fi       # two first starts at once: the second waits
  python_is_ready || set_up_python
  assets_are_ready || set_up_assets
  words_are_ready || set_up_words
}

python_is_ready() { is_made "$VENV/$LOCK.stamp" "$(hash_of "$LOCK")" && [ -x "$VENV/bin/python" ]; }

set_up_python() {
  say "installing Python packages ($LOCK)"
  make_venv "$VENV"
  # First what builds the one package that has no wheel: pip by itself would fetch whatever is newest, unpinned.
  install "$VENV" requirements-build.lock && install "$VENV" "$LOCK" --no-build-isolation ||
    fail "Python packages are missing, see above: repeat the command when it is mended"
  hash_of requirements.lock > "$VENV/requirements.lock.stamp"      # the development lock holds all of this one
  hash_of "$LOCK" > "$VENV/$LOCK.stamp"
}

install() {        # install FOLDER LOCK …; each package by its hash, from the bundle alone where there is one
  local venv=$1 lock=$2
  shift 2
  if [ -d "$WHEELS" ]; then set -- "$@" --no-index --find-links "$WHEELS"; fi
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" "$@"
}

make_venv() {      # make_venv FOLDER; one whose Python has gone is made anew
  "$1/bin/python" -m pip --version >/dev/null 2>&1 && return
  local python
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null || fail "$python has no venv: apt-get install python3-venv"
  "$python" -m venv --clear "$1" || fail "no virtual environment could be made in $1: rm -rf '$1' and repeat"
}

find_python() {
  local python kind bundled
  bundled=$(cat "$WHEELS/for" 2>/dev/null) || true
  for python in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3 python; do
    kind=$("$python" -c 'import platform, sys
sys.version_info >= (3, 11) and print("Python %d.%d," % sys.version_info[:2], platform.system(), platform.machine())' 2>/dev/null) || continue
    [ -n "$kind" ] && [ "${bundled:-$kind}" = "$kind" ] && { command -v "$python"; return; }
  done
  [ -z "$bundled" ] || fail "this bundle is for $bundled, and that is not here: make one on a machine like this one"
  fail "Python 3.11 or newer is missing: apt-get install python3 python3-venv"
}

assets_are_ready() {
  local made
  made=$(hash_of package-lock.json run.sh)
  is_made static/vendor/.stamp "$made" && { [ "$NODE" = --omit=dev ] || is_made node_modules/.stamp "$made"; }
}

set_up_assets() {
  say "fetching browser scripts and a font (package-lock.json)"
  find_npm
  npm ci "$NODE" --cache .tools/npm --loglevel=error >/dev/null ||
    fail "browser scripts are missing, see above: repeat the command when it is mended"
  rm -rf static/vendor
  mkdir -p static/vendor
  cp node_modules/htmx.org/dist/htmx.min.js node_modules/htmx.org/dist/ext/hx-ws.min.js static/vendor/
  cp node_modules/protomaps-leaflet/dist/protomaps-leaflet.js static/vendor/
  cp node_modules/@fontsource-variable/roboto/files/roboto-latin-wght-normal.woff2 static/vendor/roboto.woff2
  cp -R node_modules/leaflet/dist/{leaflet.js,leaflet.css,images} static/vendor/
  hash_of package-lock.json run.sh > static/vendor/.stamp
  [ "$NODE" = --omit=dev ] || cp static/vendor/.stamp node_modules/.stamp
}

find_npm() {       # the machine's own from Node 18 on, else the one that PyPI carries
  local enough='process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)'
  command -v npm >/dev/null && node -e "$enough" 2>/dev/null && return
  say "fetching npm (requirements-node.lock)"
  make_venv .tools/node
  install .tools/node requirements-node.lock ||
    fail "npm is missing: apt-get install npm"
  PATH="$PWD/.tools/node/bin:$PATH"
}

catalogues() { find console/locale -name '*.po' 2>/dev/null | sort; }

words_are_ready() { [ -z "$(catalogues)" ] || is_made console/locale/.stamp "$(hash_of $(catalogues))"; }

set_up_words() {
  local words
  for words in $(catalogues); do
    "$VENV/bin/python" -m babel.messages.frontend --quiet compile --input-file "$words" --output-file "${words%.po}.mo" ||
      fail "$words cannot be read, see above"
  done
  hash_of $(catalogues) > console/locale/.stamp
}

case " $* " in
  *" --help "*) ;;
  " test "* | " check "* | " lint "* | " tidy "* | " bench "*) LOCK=requirements-dev.lock NODE=--include=dev ;;
esac
{ python_is_ready && assets_are_ready && words_are_ready; } || (set_up)
exec "$VENV/bin/python" -m console.cli "$@"
