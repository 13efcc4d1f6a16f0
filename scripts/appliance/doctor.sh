#!/bin/sh
# Usage: doctor.sh [--quiet] [--json] (through `make doctor`, ARGS="--quiet")
# Says what is wrong with the appliance, what it means and what mends it. Gathers what only the host sees and hands it to
# `relay-admin doctor`; where no container can run, it says what it knows by itself. Exit code 6 when there is a fault.
# Environment: DOCTOR_PATIENCE=30 (seconds that one question to the engine may take)
set -u

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"
# shellcheck source=scripts/appliance/checks.sh
. "$root/scripts/appliance/checks.sh"
# shellcheck source=scripts/appliance/host-facts.sh
. "$root/scripts/appliance/host-facts.sh"
# shellcheck source=scripts/appliance/findings-json.sh
. "$root/scripts/appliance/findings-json.sh"

usage=2
unwell=6
quiet=''
json=''
for word in "$@"; do
  case "$word" in
    -q | --quiet) quiet=--quiet ;;
    --json) json=--json ;;
    *)
      say "doctor knows --quiet and --json, not \"$word\"." >&2
      exit "$usage"
      ;;
  esac
done

# An engine that hangs must not hang this.
patience=${DOCTOR_PATIENCE:-30}
if command -v timeout >/dev/null 2>&1 && command -v docker >/dev/null 2>&1; then
  docker() { timeout "$patience" docker "$@"; }
fi

# The checks of `make up`, and the services; one line each.
own_checks() {
  check_settings
  if check_engine && check_compose; then
    check_host
    if [ -z "$running" ]; then
      fault 'Services: none runs, so nobody can reach the relay. Start them: make up'
    else
      unwell_services | while read -r service state health code; do
        fault "Service $service: $state, $health, exit code $code. $(advice "$service")"
      done
    fi
  fi
  check_clock
}

# alone WHY: what can be told without relay-admin.
alone() {
  lines=$(
    fault "$1"
    own_checks
  )
  if [ -n "$json" ]; then
    printf '%s\n' "$lines" | lines_as_json
  else
    say 'relay-admin could not run, so this is what the host knows by itself.'
    if [ -n "$quiet" ]; then
      printf '%s\n' "$lines" | grep -v '^ok '
    else
      printf '%s\n' "$lines"
    fi
  fi
  exit "$unwell"
}

why_not() {
  if ! command -v docker >/dev/null 2>&1; then
    echo 'There is no docker command, so nothing of the appliance runs.'
  elif ! docker version --format '{{.Server.Version}}' >/dev/null 2>&1; then
    echo "The Docker engine does not answer within $patience s, or not to you. If it is down, so is the relay: systemctl start docker"
  elif ! docker compose config --quiet >/dev/null 2>&1; then
    echo 'Docker compose does not take the compose files with this .env. What is wrong: docker compose config --quiet'
  else
    image=$(docker compose --profile admin config --images admin 2>/dev/null | head -n 1)
    docker image inspect "$image" >/dev/null 2>&1 || echo 'The images are not built yet. Build and start them: make up'
  fi
}

why=$(why_not)
[ -z "$why" ] || alone "$why"

config=$(docker compose config 2>/dev/null)
running=$(running_services)
facts=$(host_facts)
patience=240
heard=$(mktemp) || heard=/dev/null
# shellcheck disable=SC2086 # no option is no word
said=$(printf '%s\n' "$facts" | docker compose --progress quiet run --rm --no-deps -T admin \
  doctor --host-facts - --relay http://relay:4000 $quiet $json 2>"$heard")
code=$?
last=$(plain <"$heard" | grep . | tail -n 1)
[ "$heard" = /dev/null ] || rm -f "$heard"
patience=${DOCTOR_PATIENCE:-30}
case "$code" in
  0 | "$unwell")
    [ -z "$said" ] || printf '%s\n' "$said"
    exit "$code"
    ;;
esac
alone "relay-admin ended with exit code $code: ${last:-it said nothing}. If the disk is full, no container starts (df -h)"
