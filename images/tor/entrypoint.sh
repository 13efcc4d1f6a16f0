#!/bin/sh
# Starts tor for the service relay:4000, and prints the onion address once it is made. Ends when the relay has another
# address, so that the restart policy starts it for that one.
#   --check  only has tor check the whole configuration, the service's included
set -eu

# onion ADDRESS [OPTION…]: tor, with the one service for the relay at that address.
onion() {
  target=$1
  shift
  exec tor --hush -f /etc/tor/torrc --HiddenServiceDir /var/lib/tor/relay --HiddenServiceVersion 3 \
    --HiddenServicePort "80 $target:4000" --HiddenServiceEnableIntroDoSDefense 1 "$@"
}

[ "${1:-}" != --check ] || onion 127.0.0.1 --verify-config

address_of_relay() {
  getent ahostsv4 relay | awk 'NR == 1 { print $1 }'
}

# Tor itself takes an address only, and looks a name up once: at this start.
relay=$(address_of_relay)
[ -n "$relay" ] || {
  echo 'onion: the service "relay" cannot be found in this network; start it first.' >&2
  exit 1
}

onion "$relay" &
tor=$!
trap 'kill "$tor"' TERM INT

tries=0
until address=$(onion-address 2>/dev/null); do
  kill -0 "$tor" 2>/dev/null || break
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || break
  sleep 0.2
done
[ -z "${address:-}" ] || echo "onion: the relay is at http://$address"

# A name that is not found is a relay that is being replaced: its new address comes soon.
while kill -0 "$tor" 2>/dev/null; do
  sleep 10 &
  wait $! || break
  now=$(address_of_relay)
  [ -z "$now" ] || [ "$now" = "$relay" ] || {
    echo "onion: the relay has another address now; starting again."
    kill "$tor" || :
    break
  }
done
status=0
wait "$tor" || status=$?
echo "onion: tor ended with $status."
exit "$status"
