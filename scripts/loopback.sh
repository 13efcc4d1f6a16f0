#!/bin/sh
# Usage: loopback.sh [-t] PROGRAM [ARGUMENT...]
# Runs a program in a network of its own that has nothing but 127.0.0.1 and ::1: browsers then find no other way to each
# other, and the program reaches nothing outside. Network and processes end with it, however it ends. Without rights to
# make one it takes a user namespace, in which the program is again who it was. Where this system allows neither: exit
# code 125, or with -t the program in the network that is there.
set -eu

apart='--net --pid --fork --kill-child --mount-proc'
refuse='exit 125'
if [ "$1" = -t ]; then
  shift
  refuse='exec "$@"'
fi

# The address to send from: browsers leave out interfaces without a route.
inside='ip link set lo up && ip route add default dev lo src 127.0.0.1'

if [ "$(id -u)" -eq 0 ]; then
  # shellcheck disable=SC2086 # a list of options
  unshare $apart true 2>/dev/null || eval "$refuse"
  # shellcheck disable=SC2086
  exec unshare $apart sh -c "$inside"' && exec "$@"' sh "$@"
fi
# shellcheck disable=SC2086
unshare --user --map-root-user $apart true 2>/dev/null || eval "$refuse"
again="exec unshare --user --map-user=$(id -u) --map-group=$(id -g)"
# shellcheck disable=SC2086
exec unshare --user --map-root-user $apart sh -c "$inside && $again"' "$@"' sh "$@"
