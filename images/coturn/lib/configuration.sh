# coturn's configuration, on standard output. Needs read_settings and certificate_load before it.

write_configuration() {
  cat <<END
listening-port=$TURN_PORT
min-port=$TURN_MIN_PORT
max-port=$TURN_MAX_PORT
realm=$TURN_REALM
use-auth-secret
userdb=$state/turndb
user-quota=$TURN_USER_QUOTA
total-quota=$TURN_TOTAL_QUOTA
max-bps=$TURN_MAX_BPS
pidfile=$state/turnserver.pid
relay-threads=$(relay_threads)
END
  cat "$library/hardening.conf"
  listening_addresses
  peer_addresses
  certificate_lines
  if [ "$TURN_LOG" = on ]; then
    printf '%s\n' log-file=stdout simple-log verbose
  else
    printf '%s\n' log-file=/dev/null simple-log no-stdout-log log-min-level=error
  fi
}

# One for each processor, as by default, but not for all of a big host's: each thread takes memory of the container's.
relay_threads() {
  threads=$(nproc)
  [ "$threads" -le 4 ] || threads=4
  printf '%s' "$threads"
}

listening_addresses() {
  for address in $listen; do
    printf 'listening-ip=%s\nrelay-ip=%s\n' "$address" "$address"
  done
  [ -z "$local_clients" ] || printf 'listening-ip=%s\n' "$local_clients"
  # shellcheck disable=SC2086 # lists of addresses
  for family in 4 6; do
    inside=$(first_of_family $family $listen)
    outside=$(first_of_family $family $external)
    if [ -n "$outside" ] && [ -n "$inside" ] && [ "$outside" != "$inside" ]; then
      printf 'external-ip=%s/%s\n' "$outside" "$inside"
    fi
  done
  # shellcheck disable=SC2086
  [ -n "$(first_of_family 4 $listen)" ] || printf 'allocation-default-address-family=ipv6\n'
}

# What is allowed wins over what is denied: relayed addresses of two members must reach each other, and coturn maps the
# external address of a peer to its own inner one before it looks here.
peer_addresses() {
  if [ "$TURN_ALLOW_LOOPBACK" = on ]; then
    printf '%s\n' allow-loopback-peers allowed-peer-ip=127.0.0.0-127.255.255.255 allowed-peer-ip=::1
  fi
  for address in $listen $external; do
    printf 'allowed-peer-ip=%s\n' "$address"
  done
  cat "$library/denied-peers.conf"
}
