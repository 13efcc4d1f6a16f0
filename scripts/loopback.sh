#!/bin/sh
# Usage: loopback.sh [-t] PROGRAM [ARGUMENT...]
# Runs a program in a network of its own that has nothing but 127.0.0.1 and ::1, and goes with it: browsers then find no
# other way to each other, and the program reaches nothing outside. Without rights to make one it takes a user namespace, in
# which the program is again who it was. Where this system allows neither: exit code 125, or with -t the program in the
# network that is there.
set -eu

refuse='exit 125'
if [ "$1" = -t ]; then
  shift
  refuse='exec "$@"'
fi

# The address to send from: browsers leave out interfaces without a route.
inside='ip link set lo up && ip route add default dev lo src 127.0.0.1'

if [ "$(id -u)" -eq 0 ]; then
  unshare --net true 2>/dev/null || eval "$refuse"
  exec unshare --net sh -c "$inside"' && exec "$@"' sh "$@"
fi
unshare --user --map-root-user --net true 2>/dev/null || eval "$refuse"
again="exec unshare --user --map-user=$(id -u) --map-group=$(id -g)"
exec unshare --user --map-root-user --net sh -c "$inside && $again"' "$@"' sh "$@"
