# shellcheck shell=sh
# shellcheck disable=SC2154 # lib.sh and preflight.sh set what this file only reads
# Sourced by up.sh: what to do once everything runs.

# The origins members may dial, one a line.
member_addresses() {
  setting RELAY_PUBLIC_URL "http://localhost:$(setting RELAY_PORT 4000)" | tr ',' '\n' | tr -d ' '
  echo
}

# Where no domain tells relay-admin the TURN server, it has to be named.
test_host() {
  [ -z "$(setting TURN_HOST)" ] && ! uses tls || return 0
  host=$(setting RELAY_DOMAIN "$(setting TURN_EXTERNAL_IP "${address4-}")")
  [ -z "$host" ] || printf ' --host %s' "$host"
}

row() { printf '   %-13s %-9s %s\n' "$1" "$2" "$3"; }

firewall_table() {
  row PORT PROTOCOL FOR
  row 22 tcp 'you, by SSH (or wherever yours listens)'
  if uses tls; then
    row 80 tcp 'the certificate; sends browsers on to 443'
    row 443 'tcp, udp' 'members: messages'
  elif ! uses existing-proxy && ! uses onion; then
    case "$(setting RELAY_BIND 127.0.0.1)" in
      127.* | ::1 | localhost) ;;
      *) row "$(setting RELAY_PORT 4000)" tcp 'members: messages, without TLS' ;;
    esac
  fi
  row "$(turn_setting TURN_PORT 3478)" 'udp, tcp' 'members: calls'
  turns=$(turn_setting TURNS_PORT)
  [ -z "$turns" ] || row "$turns" tcp 'members: calls, over TLS'
  uses turn-ports || row "$(turn_setting TURN_MIN_PORT 49152)-$(turn_setting TURN_MAX_PORT 53247)" udp 'members: sound and picture of calls'
}

guidance() {
  cat <<EOF
The relay is up. What comes next:

1. Make the identities on your own machine, never here (offline is best), in a copy of this folder there:
     npm run relay-admin -- identities generate --labels names.txt --out circle --passphrase
2. Let their keys in. Only the seed file comes here, and it holds no secret:
     make admin ARGS="identities seed -" < allowed-keys-seed.json
   or from your own machine, with SSH:
     ssh SERVER 'cd $root && make admin ARGS="identities seed -"' < circle/allowed-keys-seed.json
3. Hand each member their identity file in person. Keep circle.key safe and no copies of the identities.
4. Tell members the address for client/.env.local:
$(member_addresses | sed 's/^/     VITE_API_URL=/')
5. Open these ports to this machine, here and in your hoster's firewall, and no others:
$(firewall_table)
6. See that calls work:
     make admin ARGS="turn test$(test_host)"

make status tells how it is, make logs what it says, make down stops it. More: docs/operating.md
EOF
  if [ -z "$(setting RELAY_PUBLIC_URL)" ]; then
    cat <<EOF

No domain is set, so members reach the relay only on this machine or through a tunnel. For a server: make up DOMAIN=relay.example.org
EOF
  fi
}
