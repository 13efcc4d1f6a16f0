# shellcheck shell=sh
# shellcheck disable=SC2154 # lib.sh and preflight.sh set what this file only reads
# Sourced by up.sh: writes to .env what `make up NAME=value` asks for, so that plain `docker compose` does the same.

# The line that tells relay-admin config check which settings a .env was written for.
settings_mark() { grep '^# relay-settings [0-9]*$' .env.example || :; }

# put NAME VALUE: sets it in .env in the place where it stands, once; everything else there stays. A new .env begins with its mark.
put() {
  [ "$(env_file_value "$1")" != "$2" ] || return 0
  rm -f .env.new
  [ ! -f .env ] || cp -p .env .env.new
  if [ -f .env ]; then cat .env; else settings_mark; fi | awk -v name="$1" -v line="$1=$2" '
    { bare = $0; sub(/^[ \t]*(export[ \t]+)?/, "", bare) }
    index(bare, name "=") == 1 { if (!done) print line; done = 1; next }
    { print }
    END { if (!done) print line }
  ' >.env.text
  cat .env.text >.env.new
  rm -f .env.text
  mv .env.new .env
  say "set      $1=$2 in .env"
}

# The compose files in use, between colons. Without COMPOSE_FILE compose takes an override file beside its own.
compose_files() {
  files=$(env_file_value COMPOSE_FILE)
  [ -n "$files" ] || files=docker-compose.yml$([ ! -f docker-compose.override.yml ] || printf ':docker-compose.override.yml')
  printf '%s' "$files"
}

# without FILE: the compose files except that one.
without() { compose_files | tr ':' '\n' | grep -vxF "$1" | paste -sd : -; }

add_override() {
  case ":$(compose_files):" in
    *":compose/$1.yml:"*) ;;
    *) put COMPOSE_FILE "$(compose_files):compose/$1.yml" ;;
  esac
}

drop_override() {
  case ":$(compose_files):" in
    *":compose/$1.yml:"*) put COMPOSE_FILE "$(without "compose/$1.yml")" ;;
  esac
}

# switch OVERRIDE NAME VALUE: 1 adds the override, 0 takes it out, nothing leaves it as it is.
switch() {
  case "$3" in
    '') ;;
    1) add_override "$1" ;;
    0) drop_override "$1" ;;
    *) fail "$2 is 1 (use it) or 0 (do not), not \"$3\"." ;;
  esac
}

# public_url FIRST REPLACED: puts an origin in front of RELAY_PUBLIC_URL in place of another; the others stay.
public_url() {
  rest=$(env_file_value RELAY_PUBLIC_URL | tr ',' '\n' | tr -d ' ' | grep . | grep -vxF -e "$1" -e "$2" | paste -sd , -)
  put RELAY_PUBLIC_URL "$1${rest:+,$rest}"
}

# add_public_url ORIGIN: puts an origin behind those of RELAY_PUBLIC_URL.
add_public_url() {
  urls=$(env_file_value RELAY_PUBLIC_URL)
  case ",$(printf '%s' "$urls" | tr -d ' ')," in
    *",$1,"*) ;;
    *) put RELAY_PUBLIC_URL "${urls:+$urls,}$1" ;;
  esac
}

is_host_name() {
  printf '%s\n' "$1" | grep -qE '^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])$' && [ "${#1}" -le 253 ]
}

# Writes what DOMAIN, EXISTING_PROXY, ONION and TURN_PORTS ask for.
write_settings() {
  if [ -n "${DOMAIN-}" ]; then
    is_host_name "$DOMAIN" ||
      fail "DOMAIN is a host name alone, such as relay.example.org, without https:// or a port; not \"$DOMAIN\"."
    DOMAIN=$(printf '%s' "$DOMAIN" | tr '[:upper:]' '[:lower:]')
    earlier=$(env_file_value RELAY_DOMAIN)
    put RELAY_DOMAIN "$DOMAIN"
    public_url "https://$DOMAIN" "https://$earlier"
  fi
  case "${EXISTING_PROXY-}" in
    '') ;;
    0)
      put EXISTING_PROXY ''
      drop_override existing-proxy
      ;;
    host)
      drop_override tls
      drop_override existing-proxy
      put EXISTING_PROXY host
      ;;
    *[!A-Za-z0-9_.-]*) fail "EXISTING_PROXY is host, or the name of the proxy's Docker network (docker network ls), not \"$EXISTING_PROXY\"." ;;
    *)
      drop_override tls
      add_override existing-proxy
      put EXISTING_PROXY "$EXISTING_PROXY"
      put PROXY_NETWORK "$EXISTING_PROXY"
      ;;
  esac
  if [ -n "$(env_file_value RELAY_DOMAIN)" ] && [ -z "$(env_file_value EXISTING_PROXY)" ] && [ -n "${DOMAIN-}${EXISTING_PROXY-}" ]; then
    add_override tls
  fi
  switch turn-ports TURN_PORTS "${TURN_PORTS-}"
  switch onion ONION "${ONION-}"
  # The port for TLS is published too where both are in use; its file has to stand after theirs.
  if uses tls && uses turn-ports; then
    uses tls-turn-ports || add_override tls-turn-ports
  else
    drop_override tls-turn-ports
  fi
}
