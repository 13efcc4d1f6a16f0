#!/bin/sh
# Usage: copy-certificate          copies the certificate of RELAY_DOMAIN, with its key, from Caddy's storage (/var/lib/caddy)
#                                  to the volume that coturn reads (/run/turn-tls), and again whenever Caddy has renewed it
#        copy-certificate check    succeeds when the copy is the very certificate that Caddy serves
# Runs with Caddy's user number and coturn's group.
set -eu
umask 027

storage=/var/lib/caddy/caddy/certificates
target=/run/turn-tls
: "${RELAY_DOMAIN:?set RELAY_DOMAIN to the domain of the relay}"

say() { printf 'certificate: %s\n' "$*"; }

# The one that was written last, where several authorities have issued some.
newest() {
  # shellcheck disable=SC2012 # names are of Caddy's making
  ls -t "$storage"/*/"$RELAY_DOMAIN/$RELAY_DOMAIN.crt" 2>/dev/null | head -n 1
}

copy() { # CERTIFICATE
  key=${1%.crt}.key
  [ -r "$key" ] || return 1
  if cmp -s "$1" "$target/cert.pem" && cmp -s "$key" "$target/key.pem"; then return 1; fi
  cp "$key" "$target/.key.pem" && cp "$1" "$target/.cert.pem" || return 1
  chmod 0640 "$target/.key.pem" "$target/.cert.pem"
  mv "$target/.key.pem" "$target/key.pem"
  mv "$target/.cert.pem" "$target/cert.pem"
}

check() {
  served=$(openssl s_client -connect caddy:443 -servername "$RELAY_DOMAIN" </dev/null 2>/dev/null |
    openssl x509 -noout -fingerprint -sha256 2>/dev/null) || served=none
  held=$(openssl x509 -in "$target/cert.pem" -noout -fingerprint -sha256 2>/dev/null) || held=missing
  [ "$served" = "$held" ] && return
  [ "$held" != missing ] || echo "there is no certificate for $RELAY_DOMAIN yet"
  [ "$served" != none ] || echo 'Caddy does not answer with TLS yet'
  return 1
}

if [ "${1:-}" = check ]; then
  check
  exit
fi
trap 'exit 0' TERM INT
say "waiting for Caddy's certificate for $RELAY_DOMAIN."
while :; do
  certificate=$(newest)
  if [ -n "$certificate" ] && copy "$certificate"; then say 'copied a new certificate for coturn.'; fi
  sleep 5 &
  wait $! || :
done
