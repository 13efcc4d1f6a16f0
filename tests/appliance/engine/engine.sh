#!/usr/bin/env bash
# Usage: engine.sh up | restart | down
# up    makes sure that a Docker engine answers and holds the base images of the project's Dockerfiles. Where none
#       answers, on Debian as root, it installs one from Debian's packages and starts it, apart from any other, and makes
#       stand-ins for base images that cannot be pulled.
# restart  stops the engine that `up` started, and starts it again.
# down  ends the engine that `up` started, with its containers, and gives the network back as it was found. An engine
#       that was there before is left alone.
# RELAY_ENGINE_CACHE keeps downloads, and RELAY_ENGINE_DATA images and layers, from one run to the next.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${RELAY_ENGINE_CACHE:-/var/cache/relay-engine}
data=${RELAY_ENGINE_DATA:-/var/lib/relay-engine}
state=/run/relay-engine

say() { printf 'engine: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

answers() { docker info >/dev/null 2>&1; }
tools_present() { [ -x /usr/sbin/dockerd ] && docker compose version && docker buildx version; }

# Docker's engine and its plug-ins are whole only in the suite after Debian 12, where they install cleanly.
install_engine() {
  tools_present >/dev/null 2>&1 && return
  local suite=trixie mirror list apt
  mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources)
  list=$cache/$suite.list
  mkdir -p "$cache"/{lists/partial,apt/archives/partial,packages}
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$list"
  apt=(apt-get -qq -o "Dir::Etc::sourcelist=$list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$cache/lists"
    -o "Dir::Cache=$cache/apt" -o APT::Sandbox::User=root)
  if ! ls "$cache"/packages/docker.io_*.deb >/dev/null 2>&1; then
    say 'downloading the engine'
    "${apt[@]}" update
    (cd "$cache/packages" && "${apt[@]}" download docker.io docker-cli docker-compose docker-buildx)
  fi
  say 'installing the engine'
  apt-get -qq update
  apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends mmdebstrap zstd iptables iproute2 \
    "$cache"/packages/*.deb >/dev/null
}

start_engine() {
  [ "$(id -u)" -eq 0 ] && [ -f /etc/debian_version ] ||
    fail 'no Docker engine answers. Start one, or run this on Debian as root, where one can be brought up.'
  install_engine
  mkdir -p "$state"
  # What dockerd changes and does not change back.
  [ -f "$state/ip_forward" ] || cat /proc/sys/net/ipv4/ip_forward >"$state/ip_forward"
  [ -f "$state/forward_policy" ] ||
    { iptables -S FORWARD 2>/dev/null | awk '$1 == "-P" { print $3 }' || true; } >"$state/forward_policy"
  say 'starting dockerd'
  setsid dockerd --data-root "$data" --exec-root "$state/exec" --pidfile "$state/dockerd.pid" \
    >"$state/dockerd.log" 2>&1 </dev/null &
  for _ in $(seq 300); do
    answers && return
    sleep 0.1
  done
  tail -n 20 "$state/dockerd.log" >&2
  fail "dockerd did not come up within 30 s (log: $state/dockerd.log)"
}

started_here() { [ -f "$state/dockerd.pid" ] && kill -0 "$(cat "$state/dockerd.pid")" 2>/dev/null; }

end_dockerd() {
  local pid
  pid=$(cat "$state/dockerd.pid")
  say 'stopping dockerd'
  kill "$pid"
  for _ in $(seq 600); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  fail "dockerd ($pid) does not end"
}

stop_engine() {
  local link mount
  if started_here; then
    end_dockerd
  elif [ ! -d "$state" ]; then
    return
  fi
  for link in $(ip -o link show type bridge | awk -F ': ' '{ print $2 }' | grep -E '^(docker0|br-[0-9a-f]{12})$'); do
    ip link delete "$link"
  done
  for mount in "$state"/exec/netns/*; do
    umount "$mount" 2>/dev/null || true
  done
  undo_rules
  [ ! -f "$state/ip_forward" ] || cat "$state/ip_forward" >/proc/sys/net/ipv4/ip_forward
  rm -rf "$state"
}

# dockerd leaves its chains, the jumps into them and the policy of FORWARD behind.
undo_rules() {
  local table rule chain policy
  for table in nat filter; do
    iptables -t "$table" -S 2>/dev/null | grep -E '^-A (PREROUTING|OUTPUT|POSTROUTING|FORWARD|INPUT) .*(DOCKER|docker0|br-[0-9a-f]{12})' |
      sed 's/^-A/-D/' | while read -r rule; do
        # shellcheck disable=SC2086 # a rule is several words
        eval iptables -t "$table" $rule || true
      done
    for chain in $(iptables -t "$table" -S 2>/dev/null | awk '$1 == "-N" && $2 ~ /^DOCKER/ { print $2 }'); do
      iptables -t "$table" -F "$chain"
    done
    for chain in $(iptables -t "$table" -S 2>/dev/null | awk '$1 == "-N" && $2 ~ /^DOCKER/ { print $2 }'); do
      iptables -t "$table" -X "$chain" || true
    done
  done
  policy=$(cat "$state/forward_policy" 2>/dev/null || true)
  [ -z "$policy" ] || iptables -P FORWARD "$policy"
}

case "${1:-}" in
  up)
    answers || start_engine
    docker compose version >/dev/null 2>&1 || fail 'the engine has no compose plug-in (version 2.24 or newer is needed).'
    bash "$here/base-images.sh" "$cache"
    ;;
  restart)
    started_here || fail 'the engine is not one that this script started; it is left alone'
    end_dockerd
    start_engine
    ;;
  down) stop_engine ;;
  *) fail 'say up, restart or down' ;;
esac
