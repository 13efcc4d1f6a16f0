#!/bin/sh
# The TURN server's container: writes coturn's configuration and its database of secrets into a tmpfs (/run/turn), starts
# coturn, and each second brings the database in step with the secrets file and coturn's certificate with the one given.
# Ends when coturn ends, with its status. Prints lines of its own only: never a peer's address, a user name or a secret.
set -eu
umask 077

library=/usr/local/lib/relay-turn
state=/run/turn
secrets_file=/run/turn-secrets/secrets
tls_source=/run/turn-tls

say() { printf 'turn: %s\n' "$*"; }
fail() {
  say "$*"
  exit 1
}

. "$library/settings.sh"
. "$library/configuration.sh"
. "$library/secrets.sh"
. "$library/certificate.sh"

stop() {
  ending=yes
  kill -TERM "$turnserver" 2>/dev/null || :
}

start() {
  # Never with -n, which would ignore the configuration and let everybody in.
  if [ "$TURN_LOG" = on ]; then
    turnserver -c "$state/turnserver.conf" &
  else
    turnserver -c "$state/turnserver.conf" >/dev/null 2>&1 &
  fi
  turnserver=$!
}

[ -w "$state" ] || fail "$state must be a tmpfs that user $(id -u) may write to."
read_settings
check_ports
secrets_load || fail "$secrets_problem The init service makes the file: see that it ran and that its volume is mounted."
database_create
database_write || fail 'the database of secrets cannot be written.'
certificate_load || :
write_configuration >"$state/turnserver.conf"

ending=no
start
trap stop TERM INT
say "serving on port $TURN_PORT${TURNS_PORT:+, with TLS on port $TURNS_PORT}; relays on ports $TURN_MIN_PORT to $TURN_MAX_PORT."
[ "$TURN_LOG" = off ] || say 'TURN_LOG is on: the lines of coturn below name addresses and users. Switch it off again after use.'

# A child that ended is reaped by `wait`, and its number cannot come round again within a second.
while kill -0 "$turnserver" 2>/dev/null; do
  sleep 1 &
  wait $! || :
  [ "$ending" = no ] || break
  secrets_follow
  certificate_follow
done

status=0
wait "$turnserver" || status=$?
while kill -0 "$turnserver" 2>/dev/null; do
  status=0
  wait "$turnserver" || status=$?
done
if [ "$ending" = yes ]; then
  say 'stopped.'
  exit 0
fi
say "coturn ended with status $status, and so does its container. TURN_LOG=on shows what coturn says (with addresses)."
[ "$status" -ne 0 ] || status=1
exit "$status"
