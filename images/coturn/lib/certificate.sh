# The certificate for TURN over TLS: used from a copy in $state/tls, which changes only to a pair that fits together.

# Takes the given certificate, where there is one that differs from ours and belongs to its key. Succeeds when ours is new.
certificate_load() {
  [ -n "$TURNS_PORT" ] || return 1
  if [ ! -e "$state/tls/cert.pem" ]; then
    mkdir -p "$state/tls"
    placeholder
  fi
  [ -r "$tls_source/cert.pem" ] && [ -r "$tls_source/key.pem" ] || return 1
  if cmp -s "$tls_source/cert.pem" "$state/tls/cert.pem" && cmp -s "$tls_source/key.pem" "$state/tls/key.pem"; then
    return 1
  fi
  cp "$tls_source/cert.pem" "$state/tls/cert.new" && cp "$tls_source/key.pem" "$state/tls/key.new" || return 1
  # Both are written one after the other by somebody else: between the two they do not fit.
  pair_fits "$state/tls/cert.new" "$state/tls/key.new" || return 1
  mv "$state/tls/cert.new" "$state/tls/cert.pem"
  mv "$state/tls/key.new" "$state/tls/key.pem"
}

pair_fits() { # CERTIFICATE KEY
  certified=$(openssl x509 -in "$1" -noout -pubkey 2>/dev/null) &&
    held=$(openssl pkey -in "$2" -pubout 2>/dev/null) && [ "$certified" = "$held" ]
}

# The port is served from the start with this, which no client trusts, so that the true one, when it comes, needs no new
# start of coturn, and with it the end of every call.
placeholder() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 -subj /CN=none \
    -keyout "$state/tls/key.pem" -out "$state/tls/cert.pem" 2>/dev/null || fail 'no certificate can be made.'
  say "there is no certificate at $tls_source yet: no client will trust the TLS port until there is."
}

certificate_lines() {
  if [ -z "$TURNS_PORT" ]; then
    printf 'no-tls\n'
    return
  fi
  printf '%s\n' "tls-listening-port=$TURNS_PORT" "cert=$state/tls/cert.pem" "pkey=$state/tls/key.pem"
}

# Once a second.
certificate_follow() {
  if certificate_load; then
    kill -USR2 "$turnserver" 2>/dev/null || :
    say 'there is a new certificate.'
  fi
}
