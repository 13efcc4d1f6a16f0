#!/bin/sh
# Usage: run.sh COMMAND [ARGUMENT...]
# Installs what is missing, then runs the command in the project's root with the project's own Node and packages.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
started=$(date +%s)
sh "$root/scripts/bootstrap.sh"
SETUP_SECONDS=$(($(date +%s) - started))
PATH="$root/.tools/node/bin:$root/node_modules/.bin:$PATH"
export PATH SETUP_SECONDS
cd "$root"
exec "$@"
