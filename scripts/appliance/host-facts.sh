# shellcheck shell=sh
# shellcheck disable=SC2154 # lib.sh and doctor.sh set what this file only reads
# Sourced by doctor.sh: what only the host can see, as lines of name=value for `relay-admin doctor --host-facts -`
# (admin-cli/src/doctor/host-facts.ts). What cannot be seen is left out. Nothing secret is read.

# fact NAME VALUE: one line; nothing for an empty value.
fact() { [ -z "$2" ] || printf '%s=%s\n' "$1" "$(printf '%s' "$2" | tr -d '\r\n')"; }

# composed SERVICE NAME: what compose gives that service's environment.
composed() {
  printf '%s\n' "$config" | awk -v service="$1:" -v name="$2:" '
    /^[^ ]/ { services = $1 == "services:" }
    services && /^  [^ ]/ { found = $1 == service }
    found && $1 == name { sub(/^[^:]*: */, ""); gsub(/"/, ""); if ($0 != "null") print; exit }'
}

setting_facts() {
  for name in WEB_ORIGIN RELAY_PUBLIC_URL MAILBOX_MAX_BLOBS TOKENS_PER_MEMBER_PER_DAY TURN_HOST; do
    printf 'set.%s=%s\n' "$name" "$(composed relay "$name")"
  done
  for name in TURN_PORT TURNS_PORT TURN_MIN_PORT TURN_MAX_PORT TURN_EXTERNAL_IP TURN_LISTEN_IP; do
    printf 'set.%s=%s\n' "$name" "$(composed coturn "$name")"
  done
  for name in RELAY_DOMAIN RELAY_TLS_ISSUER COMPOSE_FILE TURN_ROTATE_SCHEDULE; do
    printf 'set.%s=%s\n' "$name" "$(setting "$name")"
  done
}

# Every service that should run, and those that do.
service_facts() {
  # shellcheck disable=SC2046 # ids are words
  set -- $(docker compose ps --all --quiet 2>/dev/null)
  there=''
  [ $# -eq 0 ] || there=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}-{{end}} {{.State.ExitCode}} {{.RestartCount}} {{.State.OOMKilled}}' "$@" 2>/dev/null)
  printf '%s\n' "$there" | grep . | sed 's/^/service=/'
  docker compose config --services 2>/dev/null | grep -vx admin | while read -r service; do
    printf '%s\n' "$there" | grep -q "^$service " || printf 'service=%s absent - 0 0 false\n' "$service"
  done
}

# Volumes that are gone though others of the project are there.
volume_facts() {
  project=$(printf '%s\n' "$config" | sed -n 's/^name: //p')
  there=$(docker volume ls --filter "label=com.docker.compose.project=$project" --format '{{.Label "com.docker.compose.volume"}}' 2>/dev/null | grep .) || return 0
  docker compose config --volumes 2>/dev/null | while read -r volume; do
    printf '%s\n' "$there" | grep -qx "$volume" || fact missing_volume "$volume"
  done
}

disk_facts() {
  place=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null)
  fact disk "$(df -Pk "$place" 2>/dev/null | awk -v place="$place" 'NR == 2 { print $4, $2, place }')"
  fact inodes "$(df -Pi "$place" 2>/dev/null | awk 'NR == 2 && $2 + 0 > 0 { print $4 }')"
}

address_facts() {
  address4=''
  if command -v ip >/dev/null 2>&1; then
    address4=$(own_address 4)
    fact address4 "$address4"
    fact address6 "$(own_address 6)"
  fi
  domain=$(setting RELAY_DOMAIN)
  if [ -n "$domain" ] && command -v getent >/dev/null 2>&1; then
    domain_addresses "$domain" | sed 's/^/resolved=/'
  fi
}

# Needs address4. Where TLS is on, coturn listens for it on TCP alone.
port_facts() {
  turns=$(turn_setting TURNS_PORT)
  { published; own_turn_ports; } | awk -v turns="$turns" '
    !($1 == "coturn" && $3 == turns && $4 == "udp") { print "expected_port=" $1, $4, $2, $3 }'
  command -v ss >/dev/null 2>&1 || return 0
  echo listeners_seen=yes
  for protocol in tcp udp; do
    case "$protocol" in
      tcp) ss -Hlntp ;;
      udp) ss -Hlnup ;;
    esac 2>/dev/null | awk -v protocol="$protocol" '
      {
        port = address = $4
        sub(/.*:/, "", port); sub(/:[^:]*$/, "", address); sub(/%.*/, "", address); gsub(/[][]/, "", address)
        program = ""
        if (match($0, /users:\(\("[^"]*"/)) program = substr($0, RSTART + 9, RLENGTH - 10)
        gsub(/ /, "_", program)
        if (address == "") address = "*"
        print "listener=" protocol, address, port (program == "" ? "" : " " program)
      }'
  done
}

clock_facts() {
  command -v timedatectl >/dev/null 2>&1 || return 0
  fact clock "$(timedatectl show --property NTPSynchronized --value 2>/dev/null)"
}

coturn_facts() {
  case " $running " in
    *' coturn '*) docker compose exec -T coturn turnserver --version 2>/dev/null </dev/null ;;
    *) docker compose --progress quiet run --rm --no-deps -T --entrypoint turnserver coturn --version 2>/dev/null </dev/null ;;
  esac | sed -n 's/^[^0-9]*\([0-9][0-9]*\.[0-9][0-9.]*\).*/coturn=\1/p' | head -n 1
}

# Owners, modes and ages, by the one service that mounts every secret.
secret_facts() {
  # shellcheck disable=SC2016 # for the shell of the container
  stats=$(docker compose --progress quiet run --rm --no-deps -T init \
    sh -c 'cd /secrets && find . -type f -exec stat -c "%a %u %g %Y %n" {} +' 2>/dev/null </dev/null) || return 0
  echo secrets_seen=yes
  printf '%s\n' "$stats" | grep . | sed 's/^\(.*\) \.\//secret=\1 /'
}

# host_facts 1|0: everything, from a started container too with 1.
host_facts() {
  echo 'relay-host-facts 1'
  fact engine "$(docker version --format '{{.Server.Version}}' 2>/dev/null)"
  fact compose "$(docker compose version --short 2>/dev/null)"
  fact memory "$(docker info --format '{{.MemTotal}}' 2>/dev/null)"
  setting_facts
  service_facts
  missing=$(volume_facts)
  [ -z "$missing" ] || printf '%s\n' "$missing"
  disk_facts
  address_facts
  port_facts
  clock_facts
  coturn_facts
  # A container would make a volume that is missing.
  [ -n "$missing" ] || secret_facts
}
