#!/bin/sh
# Usage: system-packages.sh NAME...
# Makes sure that these Debian packages are installed: by apt-get where that is possible, else by naming the one
# command that does it (exit 1).
set -eu

installed() {
  case "$1" in
    coturn) program=turnserver ;;
    iproute2) program=ip ;;
    util-linux) program=unshare ;;
    *) program=$1 ;;
  esac
  command -v "$program" >/dev/null 2>&1 && return 0
  dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'
}

missing=''
for name in "$@"; do
  installed "$name" || missing="$missing $name"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing system packages:$missing. Install them with this system's package manager, then run again." >&2
  exit 1
fi

command="apt-get update && apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -ne 0 ]; then
  echo "Missing system packages. Run: sudo sh -c '$command'" >&2
  exit 1
fi

echo "Installing system packages:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null; then
  echo "apt-get could not install them. Check the network, then run: $command" >&2
  exit 1
fi
