# Settings from the environment. All are checked here, so that none can put a line of its own into the configuration.

whole_number() { # NAME VALUE LEAST MOST
  case $2 in
    '' | *[!0-9]* | ??????????*) fail "$1 must be a whole number from $3 to $4." ;;
  esac
  [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] || fail "$1 must be a whole number from $3 to $4."
}

on_or_off() { # NAME VALUE
  case $2 in
    on | off) ;;
    *) fail "$1 must be on or off." ;;
  esac
}

# Prints the addresses of a list that commas or spaces separate, or what is wrong with it.
addresses() { # NAME VALUE
  list=$(printf '%s' "$2" | tr ',' ' ')
  for address in $list; do
    perl "$library/address.pl" valid "$address" && continue
    printf '%s: %s is not an IP address.' "$1" "$address"
    return 1
  done
  printf '%s' "$list"
}

first_of_family() { # 4|6 ADDRESS...
  family=$1
  shift
  for address in "$@"; do
    case $family$address in
      6*:* | 4*.*)
        case $family$address in 4*:*) continue ;; esac
        printf '%s' "$address"
        return
        ;;
    esac
  done
}

read_settings() {
  : "${TURN_PORT:=3478}" "${TURNS_PORT:=}" "${TURN_MIN_PORT:=49152}" "${TURN_MAX_PORT:=53247}" "${TURN_REALM:=relay}"
  : "${TURN_EXTERNAL_IP:=}" "${TURN_LISTEN_IP:=}" "${TURN_LOG:=off}" "${TURN_ALLOW_LOOPBACK:=off}"
  # A browser may allocate for each peer, address of its own and URL: 19 peers, 4 addresses and 3 URLs are 228.
  : "${TURN_USER_QUOTA:=240}" "${TURN_TOTAL_QUOTA:=2400}"
  # Bytes per second and direction of one allocation, which is one peer's media: 8 Mbit/s carry a shared screen.
  : "${TURN_MAX_BPS:=1000000}"

  whole_number TURN_PORT "$TURN_PORT" 1 65535
  [ -z "$TURNS_PORT" ] || whole_number TURNS_PORT "$TURNS_PORT" 1 65535
  whole_number TURN_MIN_PORT "$TURN_MIN_PORT" 1024 65535
  whole_number TURN_MAX_PORT "$TURN_MAX_PORT" "$TURN_MIN_PORT" 65535
  whole_number TURN_USER_QUOTA "$TURN_USER_QUOTA" 1 100000
  whole_number TURN_TOTAL_QUOTA "$TURN_TOTAL_QUOTA" 1 100000
  whole_number TURN_MAX_BPS "$TURN_MAX_BPS" 10000 125000000
  on_or_off TURN_LOG "$TURN_LOG"
  on_or_off TURN_ALLOW_LOOPBACK "$TURN_ALLOW_LOOPBACK"
  case $TURN_REALM in
    '' | *[!A-Za-z0-9.-]*) fail 'TURN_REALM may have letters, digits, dots and hyphens only.' ;;
  esac

  external=$(addresses TURN_EXTERNAL_IP "$TURN_EXTERNAL_IP") || fail "$external"
  # Clients on this machine itself ask on loopback; nothing is relayed from there.
  local_clients=
  if [ -n "$TURN_LISTEN_IP" ]; then
    listen=$(addresses TURN_LISTEN_IP "$TURN_LISTEN_IP") || fail "$listen"
  else
    listen=$(perl "$library/address.pl" own)
    local_clients=127.0.0.1
  fi
  [ -n "$listen" ] || fail 'this machine has no default route: set TURN_LISTEN_IP to the address that TURN shall serve on.'
}

# coturn itself tries for ever, silently, to get a port that is taken.
check_ports() {
  for address in $listen $local_clients; do
    for port in $TURN_PORT $TURNS_PORT; do
      problem=$(perl "$library/address.pl" bind "$address" "$port") || fail "$problem"
    done
  done
}
