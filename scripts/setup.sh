#!/bin/sh
# Installs what is missing: Debian packages (as root) and npm packages. Without root it names the Debian packages and
# stops with exit code 3. Safe to run again: it does nothing that is done already.
set -eu
cd "$(dirname "$0")/.."

# program:package
PROGRAMS='verilator:verilator iverilog:iverilog yosys:yosys g++:g++ make:make ccache:ccache z3:z3'
NODE_MAJOR=20

missing=''
for pair in $PROGRAMS; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  echo "setup: Node.js $NODE_MAJOR with npm is not installed; get it first: https://nodejs.org/en/download" >&2
  exit 3
fi
if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt "$NODE_MAJOR" ]; then
  echo "setup: Node.js $(node --version) is too old, must be $NODE_MAJOR or newer" >&2
  exit 3
fi

if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: not installed:$missing; there is no apt-get here, install them another way" >&2
    exit 3
  fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "setup: not installed:$missing" >&2
    echo "setup: as root, run: apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 3
  fi
  echo "setup: installing Debian packages:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  # shellcheck disable=SC2086
  apt-get install -q -y --no-install-recommends $missing
else
  echo "setup: Debian packages are there"
fi

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo 'setup: installing npm packages (npm ci)'
  npm ci --no-audit --no-fund
  touch node_modules/.package-lock.json
else
  echo 'setup: npm packages are there'
fi
