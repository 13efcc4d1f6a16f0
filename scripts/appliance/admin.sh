#!/bin/sh
# Usage: admin.sh [ARGUMENT...] (through `make admin ARGS="…"`)
# Runs relay-admin in a container of its own; standard input and output are passed through.
set -eu

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"

need_engine
terminal=''
[ -t 0 ] && [ -t 1 ] || terminal=-T
# shellcheck disable=SC2086 # no terminal option is no word
exec docker compose --progress quiet run --rm $terminal admin "$@"
