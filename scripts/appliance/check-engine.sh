# shellcheck shell=sh
# shellcheck disable=SC2154 # lib.sh and preflight.sh set what this file only reads
# Sourced by checks.sh: the engine, compose, memory and disk.

# at_least VERSION MAJOR MINOR: whether a version such as 2.26.1-4 or v2.24.0 is that or newer.
at_least() {
  printf '%s\n' "$1" | awk -v major="$2" -v minor="$3" -F '[.+-]' '
    { sub(/^v/, "", $1); exit !($1 + 0 > major || ($1 + 0 == major && $2 + 0 >= minor)) }'
}

# Exit code 1 when nothing else can be checked.
check_engine() {
  if ! command -v docker >/dev/null 2>&1; then
    fault 'Docker engine: there is no docker command. Install Docker (docs/operating.md), or try the system without it: make demo'
    return 1
  fi
  if ! engine=$(docker version --format '{{.Server.Version}}' 2>&1); then
    case "$engine" in
      *'ermission denied'*) fault 'Docker engine: you may not use it. Run this as root (sudo), or without Docker: make demo' ;;
      *) fault 'Docker engine: it does not answer. Start it (systemctl start docker), or try the system without it: make demo' ;;
    esac
    return 1
  fi
  if at_least "$engine" 25 0; then
    ok "Docker engine $engine"
  else
    fault "Docker engine $engine is too old: install 25 or newer (docs/operating.md)"
  fi
}

# Exit code 1 when there is no compose.
check_compose() {
  if ! compose=$(docker compose version --short 2>/dev/null); then
    fault 'Docker compose: the plug-in is missing. Install docker-compose-plugin (docs/operating.md)'
    return 1
  fi
  if at_least "$compose" 2 24; then
    ok "Docker compose $compose"
  else
    fault "Docker compose $compose is too old: install 2.24 or newer (docs/operating.md)"
  fi
  # shellcheck disable=SC2034 # lib.sh and check-network.sh read it
  if ! config=$(docker compose config 2>/dev/null); then
    fault "Compose files and .env do not fit together: $(docker compose config --quiet 2>&1 | grep . | tail -n 1)"
    return 1
  fi
}

# A machine sold with 1 GB has a little less for its programs.
check_memory() {
  bytes=$(docker info --format '{{.MemTotal}}' 2>/dev/null || true)
  case "$bytes" in
    '' | *[!0-9]*)
      warn 'Memory: the engine does not say how much there is; 1 GB is needed'
      return
      ;;
  esac
  megabytes=$(awk -v bytes="$bytes" 'BEGIN { printf "%d", bytes / 1000000 }')
  if [ "$megabytes" -ge 950 ]; then
    ok "Memory: $megabytes MB"
  elif [ "$megabytes" -ge 700 ]; then
    warn "Memory: $megabytes MB; 1 GB is advised. Add swap, or rent a larger machine"
  else
    fault "Memory: $megabytes MB is too little; 1 GB is needed"
  fi
}

gib() { awk -v kib="$1" 'BEGIN { printf "%.1f GiB", kib / 1048576 }'; }

# KiB that the messages in a running appliance take already.
stored_kib() {
  case " $running " in
    *' postgres '*)
      docker compose exec -T postgres du -sk /var/lib/postgresql 2>/dev/null </dev/null | awk '{ print $1 }'
      ;;
  esac
}

check_disk() {
  blobs=$(setting MAILBOX_MAX_BLOBS 32768)
  case "$blobs" in
    *[!0-9]*) return ;;
  esac
  place=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null || true)
  free=$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $4 }')
  if [ -z "$free" ]; then
    warn 'Disk: the free space where Docker keeps its data cannot be seen from here'
    return
  fi
  stored=$(stored_kib)
  room=$((free + ${stored:-0}))
  needed=$((20 * blobs * 64))
  if [ "$free" -lt 3145728 ]; then
    fault "Disk: $(gib "$free") free in $place; images and database need 3 GiB to begin with"
  elif [ "$room" -lt "$needed" ]; then
    fits=$(((room - 3145728) * 9 / 10 / 1280))
    [ "$fits" -ge 32 ] || fits=32
    warn "Disk: $(gib "$room") for messages in $place; 20 full mailboxes of $blobs blobs take $(gib "$needed"). Set MAILBOX_MAX_BLOBS=$fits in .env, or add disk"
  else
    ok "Disk: $(gib "$room") for messages in $place; 20 full mailboxes take $(gib "$needed")"
  fi
}
