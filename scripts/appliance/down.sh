#!/bin/sh
# Usage: down.sh (through `make down`)
# Stops the appliance and keeps its data.
set -eu

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"

need_engine
docker compose down --remove-orphans
say ''
say 'Stopped. Messages, allowed keys, secrets and certificates are kept: make up goes on from there.'
say 'To delete all of it for good, without a way back: docker compose down --volumes --rmi all'
