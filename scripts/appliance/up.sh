#!/bin/sh
# Usage: up.sh (through `make up`)
# Checks this machine, writes to .env what is asked for, builds and starts the appliance, and says what to do next.
# Environment: DOMAIN=relay.example.org, EXISTING_PROXY=NETWORK, TURN_PORTS=1, ONION=1; FORCE=1 goes on in spite of faults.
set -eu

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"
# shellcheck source=scripts/appliance/settings.sh
. "$root/scripts/appliance/settings.sh"
# shellcheck source=scripts/appliance/preflight.sh
. "$root/scripts/appliance/preflight.sh"
# shellcheck source=scripts/appliance/guidance.sh
. "$root/scripts/appliance/guidance.sh"

wait_seconds=300

# The onion address is made at the first start; the relay has to know it.
learn_onion() {
  uses onion || return 0
  onion=$(docker compose exec -T tor onion-address 2>/dev/null </dev/null | tr -d '\r' | grep -E '^[a-z2-7]{56}\.onion$') || {
    say 'The onion service has no address yet. Run make up again in a minute.'
    return 0
  }
  known=$(setting RELAY_PUBLIC_URL)
  add_public_url "http://$onion"
  [ "$known" = "$(setting RELAY_PUBLIC_URL)" ] || start
}

start() { docker compose up --detach --no-build --remove-orphans --wait --wait-timeout "$wait_seconds"; }

write_settings
preflight

say 'Building (some minutes the first time) …'
docker compose build ||
  fail 'The images could not be built: see the last lines above. Nothing was started or replaced. Is the network there, and the disk not full?'
say 'Starting …'
if ! start; then
  say ''
  explain_unwell
  fail 'Not everything came up. When you have mended it, run make up again; make status and make logs tell more.'
fi
learn_onion
say ''
guidance
