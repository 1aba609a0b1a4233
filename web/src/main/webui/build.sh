#!/bin/sh
# Checks, tests and builds the front end into OUTDIR; does nothing when no source changed since the last build.
#   build.sh OUTDIR          VARVE_UI_SKIP=1: use the last build unchecked, where there is one
set -eu
[ $# -eq 1 ] || { echo "usage: build.sh OUTDIR" >&2; exit 2; }
case $1 in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
cd "$(dirname "$0")"

install_built() {
  if cmp -s dist/index.html "$out/index.html" && [ -d "$out/static" ] && [ ! -d "$out/assets" ]; then return; fi
  rm -rf "$out/static" "$out/assets"
  mkdir -p "$out"
  cp -R dist/. "$out/"
}

if [ "${VARVE_UI_SKIP:-}" = 1 ] && [ -f dist/index.html ]; then
  install_built
  exit 0
fi

digest=$(find src public index.html package.json package-lock.json tsconfig.json vite.config.ts eslint.config.js mock build.sh \
  -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d ' ' -f 1)
if [ -f dist/index.html ] && [ "$(cat node_modules/.varve-built 2>/dev/null)" = "$digest" ]; then
  install_built
  exit 0
fi

command -v npm >/dev/null || { echo "The front end needs Node 20.19 or later with npm (Debian: apt install npm)." >&2; exit 1; }
lock=$(sha256sum <package-lock.json | cut -d ' ' -f 1)
if [ "$(cat node_modules/.varve-lock 2>/dev/null)" != "$lock" ]; then
  npm ci --no-audit --no-fund --prefer-offline --loglevel=error
  echo "$lock" >node_modules/.varve-lock
fi
bin=node_modules/.bin
$bin/eslint . --max-warnings 0
$bin/tsc
$bin/vitest run --reporter=dot
$bin/vite build --logLevel warn
echo "$digest" >node_modules/.varve-built
install_built
