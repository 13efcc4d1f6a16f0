# shellcheck shell=sh
# Sourced by the scripts beside it: words for people, the settings, what compose says of the services.
# Everything runs in the project's root, where compose finds docker-compose.yml and .env.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root" || exit 1
faults=0
warnings=0
config=''

say() { printf '%s\n' "$*"; }
ok() { printf 'ok       %s\n' "$*"; }
warn() {
  warnings=$((warnings + 1))
  printf 'warning  %s\n' "$*"
}
fault() {
  faults=$((faults + 1))
  printf 'fault    %s\n' "$*"
}
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Ends the script, naming the way without Docker, unless an engine with compose answers.
need_engine() {
  command -v docker >/dev/null 2>&1 ||
    fail 'There is no docker command. Install Docker (docs/operating.md), or try the system without it: make demo'
  docker version --format '{{.Server.Version}}' >/dev/null 2>&1 ||
    fail 'The Docker engine does not answer. Start it, or run this as root; without Docker: make demo'
  docker compose version >/dev/null 2>&1 ||
    fail 'Docker has no compose plug-in. Install docker-compose-plugin (docs/operating.md).'
}

# env_file_value NAME: what .env says, the last line of that name, without quotes; nothing when it is silent.
env_file_value() {
  [ -f .env ] || return 0
  awk -v name="$1" '
    { sub(/\r$/, ""); sub(/^[ \t]*(export[ \t]+)?/, "") }
    index($0, name "=") == 1 {
      value = substr($0, length(name) + 2)
      if (value ~ /^"[^"]*"/) { sub(/^"/, "", value); sub(/".*/, "", value) }
      else if (value ~ /^\047[^\047]*\047/) { sub(/^\047/, "", value); sub(/\047.*/, "", value) }
      else { sub(/[ \t]+#.*/, "", value); sub(/[ \t]+$/, "", value) }
      found = value
    }
    END { print found }
  ' .env
}

# setting NAME [DEFAULT]: the value compose will use; the environment goes before .env.
setting() {
  value=$(printenv "$1" || true)
  [ -n "$value" ] || value=$(env_file_value "$1")
  printf '%s' "${value:-${2-}}"
}

# turn_setting NAME [DEFAULT]: the value that coturn's container gets, overrides and their defaults included. Needs
# $config, which is what `docker compose config` printed.
turn_setting() {
  value=$(printf '%s\n' "$config" | awk -v name="$1:" '
    /^[^ ]/ { services = $1 == "services:" }
    services && /^  [^ ]/ { coturn = $1 == "coturn:" }
    coturn && $1 == name { sub(/^[^:]*: */, ""); gsub(/"/, ""); print; exit }')
  [ "$value" != null ] || value=''
  printf '%s' "${value:-${2-}}"
}

# uses OVERRIDE: whether compose/OVERRIDE.yml is in use.
uses() {
  case ":$(setting COMPOSE_FILE):" in
    *":compose/$1.yml:"*) return 0 ;;
  esac
  return 1
}

# Names of the services that run now, between spaces.
running_services() { docker compose ps --services --status running 2>/dev/null | tr '\n' ' '; }

# Names of the services whose containers may hold ports: those that run, and those that fail and start again.
held_services() { docker compose ps --services --status running --status restarting --status paused 2>/dev/null | tr '\n' ' '; }

# Services that are not well, one a line: SERVICE STATE HEALTH EXIT-CODE, with - for no health. One-shot services that
# ended with 0 are well.
unwell_services() {
  docker compose ps --all --format '{{.Service}} {{.State}} {{or .Health "-"}} {{.ExitCode}}' |
    awk '!($2 == "running" && ($3 == "healthy" || $3 == "-")) && !($2 == "exited" && $4 == 0 && ($1 == "init" || $1 == "migrate"))'
}

# Takes out the escape sequences that some versions of compose write even where there is no terminal.
plain() { sed "s/$(printf '\033')\[[0-9;]*[A-Za-z]//g"; }

# What to look at when SERVICE fails.
advice() {
  case "$1" in
    init) echo 'Volumes or their owners cannot be written: is the disk full (df -h)?' ;;
    postgres) echo 'Is the disk full (df -h)? Does the data come from another major version of PostgreSQL (docs/operating.md)?' ;;
    migrate) echo 'The database was not brought up to date; nothing is lost. Keep the lines above when you report it.' ;;
    relay | worker) echo 'Mind the settings in .env that the lines above name, then run: make up' ;;
    coturn) echo 'Is a TURN port taken (make up tells)? Behind a NAT, set TURN_EXTERNAL_IP in .env.' ;;
    caddy) echo 'Does the domain point here, and are ports 80 and 443 open in every firewall?' ;;
    certificate) echo 'It waits for Caddy to get a certificate: see its lines (make logs SERVICE=caddy), the domain and port 80.' ;;
    tor) echo 'Can this machine reach the Tor network? Some hosters block it.' ;;
    *) echo "See: make logs SERVICE=$1" ;;
  esac
}

# Shows each service that is not well: its state, its last lines and what to do.
explain_unwell() {
  unwell_services | while read -r service state health code; do
    case "$state" in
      exited) say "$service ended with exit code $code. Its last lines:" ;;
      running) say "$service runs but is $health. Its last lines:" ;;
      *) say "$service is $state. Its last lines:" ;;
    esac
    docker compose logs --no-color --no-log-prefix --tail 15 "$service" 2>&1 </dev/null | plain | sed 's/^/    /'
    say "  $(advice "$service")"
  done
}
