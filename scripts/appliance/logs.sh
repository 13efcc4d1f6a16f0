#!/bin/sh
# Usage: logs.sh (through `make logs`)
# Shows the last lines of every service, or of SERVICE alone; in a terminal it goes on until Ctrl-C.
# Environment: SERVICE=relay, LINES_SHOWN=100
set -eu

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"

need_engine
set -- --tail "${LINES_SHOWN:-100}" ${SERVICE:+"$SERVICE"}
[ ! -t 1 ] || exec docker compose logs --follow "$@"
docker compose logs --no-color "$@" | plain
