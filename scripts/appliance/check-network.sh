# shellcheck shell=sh
# shellcheck disable=SC2154 # lib.sh and preflight.sh set what this file only reads
# Sourced by checks.sh: this machine's addresses, the domain, and the ports.

# own_address 4|6: the address from which this machine reaches the internet; nothing when it has no route. Sends nothing.
own_address() {
  case "$1" in
    4) beyond=192.0.2.1 ;;
    6) beyond=2001:db8::1 ;;
  esac
  ip "-$1" -o route get "$beyond" 2>/dev/null |
    awk '{ for (i = 1; i < NF; i++) if ($i == "src") { print $(i + 1); exit } }'
}

# is_private ADDRESS: whether an IPv4 address cannot be reached from the internet (private, CGNAT, link-local, loopback).
is_private() {
  printf '%s\n' "$1" | awk -F . '
    { exit !($1 == 10 || $1 == 127 || ($1 == 172 && $2 >= 16 && $2 <= 31) || ($1 == 192 && $2 == 168) ||
             ($1 == 169 && $2 == 254) || ($1 == 100 && $2 >= 64 && $2 <= 127)) }'
}

# Addresses of the domain, one a line; nothing when it does not resolve.
domain_addresses() { getent ahosts "$1" 2>/dev/null | awk '!seen[$1]++ { print $1 }'; }

check_address() {
  address4=''
  address6=''
  if ! command -v ip >/dev/null 2>&1; then
    warn 'Address: there is no ip command to ask (Debian: apt-get install iproute2)'
    return
  fi
  address4=$(own_address 4)
  address6=$(own_address 6)
  external=$(setting TURN_EXTERNAL_IP)
  domain=$(setting RELAY_DOMAIN)
  if [ -z "$external" ] && uses turn-ports; then
    fault "Address: with published TURN ports, .env needs TURN_EXTERNAL_IP=${address4:-the address that members reach}, or the address that members reach, if that is another"
    return
  fi
  if [ -z "$address4" ]; then
    if [ -n "$address6" ]; then
      warn 'Address: this machine has IPv6 alone; members without IPv6 cannot reach it'
    else
      fault 'Address: this machine has no route to the internet. Mend its network, or name its address: TURN_LISTEN_IP in .env'
    fi
  elif ! is_private "$address4"; then
    ok "Address: $address4, public"
  elif [ -n "$external" ]; then
    ok "Address: $address4, behind a NAT; members reach calls at $external. Forward the ports of the firewall table to it"
  elif [ -n "$domain" ] && domain_addresses "$domain" | grep -qxF "$address4"; then
    ok "Address: $address4, private, and so is $domain: members on this network alone reach it"
  elif [ -n "$domain" ]; then
    hint=$(domain_addresses "$domain" | grep -v : | head -n 1)
    fault "Address: $address4 is private, a NAT is in front: calls need TURN_EXTERNAL_IP=${hint:-the address that members reach} in .env"
  else
    warn "Address: $address4 is private, a NAT is in front: members outside this network need TURN_EXTERNAL_IP in .env for calls"
  fi
  if uses onion && [ -z "$domain$(setting TURN_HOST)" ]; then
    warn "Calls: they do not pass through the onion service. Set TURN_HOST in .env to the address that members reach${address4:+, such as $address4}"
  fi
  case "$address6" in
    2* | 3*) ok "IPv6: $address6" ;;
    *) ok 'IPv6: none; members reach this machine by IPv4' ;;
  esac
}

check_domain() {
  domain=$(setting RELAY_DOMAIN)
  [ -n "$domain" ] || return 0
  if ! command -v getent >/dev/null 2>&1; then
    warn "Domain: there is no getent command to see whether $domain points here"
    return
  fi
  found=$(domain_addresses "$domain")
  if [ -z "$found" ]; then
    fault "Domain: $domain does not resolve. Give it an A record with this machine's address at your DNS provider, and wait until it shows"
    return
  fi
  elsewhere=$(printf '%s\n' "$found" | while read -r one; do
    case "$one" in
      "$address4" | "$address6" | "$(setting TURN_EXTERNAL_IP)") ;;
      *) printf '%s ' "$one" ;;
    esac
  done)
  if [ -z "$elsewhere" ]; then
    ok "Domain: $domain points here"
  else
    warn "Domain: $domain points to ${elsewhere% }, which is not an address of this machine. Mend its A and AAAA records, unless a NAT or a floating address is in front"
  fi
}

# listeners tcp|udp: ADDRESS PORT of each socket that listens here.
listeners() {
  case "$1" in
    tcp) ss -Hlnt ;;
    udp) ss -Hlnu ;;
  esac | awk '{ port = address = $4; sub(/.*:/, "", port); sub(/:[^:]*$/, "", address); sub(/%.*/, "", address); gsub(/[][]/, "", address); print address, port }'
}

# taken PROTOCOL PORT BIND: whether a listener would keep a program from binding that port of the address BIND.
taken() {
  listeners "$1" | awk -v port="$2" -v bind="$3" '
    function any(a) { return a == "*" || a == "0.0.0.0" || a == "::" || a == "" }
    $2 == port && (any($1) || any(bind) || $1 == bind) { found = 1 }
    END { exit !found }'
}

# published: SERVICE ADDRESS PORT PROTOCOL of each port that Docker is to publish.
published() {
  printf '%s\n' "$config" | awk '
    /^[^ ]/ { services = $1 == "services:" }
    services && /^  [^ ]/ { service = $1; sub(/:$/, "", service) }
    { value = $2; gsub(/"/, "", value) }
    services && $1 == "host_ip:" { address = value }
    services && $1 == "published:" { port = value }
    services && $1 == "protocol:" { print service, address == "" ? "0.0.0.0" : address, port, value; address = "" }'
}

# own_turn_ports: the same for coturn where it uses the network of the host.
own_turn_ports() {
  ! uses turn-ports || return 0
  turn_bind=$(setting TURN_LISTEN_IP "${address4:-0.0.0.0}")
  for port in $(turn_setting TURN_PORT 3478) $(turn_setting TURNS_PORT); do
    for one in $(printf '%s' "$turn_bind" | tr ',' ' '); do
      echo "coturn $one $port tcp"
      echo "coturn $one $port udp"
    done
  done
}

port_advice() { # SERVICE
  case "$1" in
    relay) echo 'End it, or set RELAY_PORT in .env' ;;
    caddy) echo 'End it, or let it pass requests on: make up EXISTING_PROXY=host (docs/operating.md)' ;;
    coturn) echo 'End it, or set TURN_PORT (TURNS_PORT for TLS) in .env' ;;
    *) echo 'End it' ;;
  esac
}

check_ports() {
  if ! command -v ss >/dev/null 2>&1; then
    warn 'Ports: there is no ss command to see which are taken (Debian: apt-get install iproute2)'
    return
  fi
  good_ports=''
  while read -r service address port protocol; do
    [ -n "$service" ] || continue
    case " $held " in
      *" $service "*) ;;
      *)
        if taken "$protocol" "$port" "$address"; then
          fault "Port $port/$protocol for $service is taken by another program (which: ss -lnp 'sport = :$port'). $(port_advice "$service")"
          continue
        fi
        ;;
    esac
    case "$good_ports " in
      *" $port/$protocol "*) ;;
      *) good_ports="$good_ports $port/$protocol" ;;
    esac
  done <<EOF
$(published)
$(own_turn_ports)
EOF
  [ -z "$good_ports" ] || ok "Ports: free or held by this appliance:$good_ports"
  uses turn-ports || check_reachable_udp
}

# Members reach the relay range at this machine's own address, and with it whatever else answers there on UDP.
check_reachable_udp() {
  range=$(turn_setting TURN_MIN_PORT 49152)-$(turn_setting TURN_MAX_PORT 53247)
  case " $held " in
    *' coturn '*) return ;;
  esac
  others=$(listeners udp | awk -v least="${range%-*}" -v most="${range#*-}" '
    $1 !~ /^127\./ && $1 != "::1" && $2 >= least && $2 <= most && !seen[$2]++ { printf "%s ", $2 }')
  if [ -z "$others" ]; then
    ok "Relay range: $range/udp is free"
  else
    warn "Relay range: another program answers at UDP port ${others% }, within $range: members could reach it through TURN. Move it, or set TURN_MIN_PORT and TURN_MAX_PORT in .env"
  fi
}
