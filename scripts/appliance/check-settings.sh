# shellcheck shell=sh
# Sourced by checks.sh: what .env says, and the clock.

# Names that .env may hold: those of .env.example, those that the compose files ask for, and compose's own.
known_settings() {
  echo EXISTING_PROXY
  sed -n 's/^#\{0,1\} \{0,1\}\([A-Z][A-Z0-9_]*\)=.*/\1/p' .env.example
  # shellcheck disable=SC2016 # a dollar sign that stands in those files
  cat docker-compose.yml compose/*.yml 2>/dev/null | grep -o '\${[A-Z][A-Z0-9_]*' | cut -c3-
}

check_settings() {
  if [ ! -f .env ]; then
    ok 'Settings: no .env, so all are as shipped'
    return
  fi
  faulty=$(awk '!/^[ \t]*(#|\r?$)/ && !/^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*=/ { printf "%s ", NR }' .env)
  names=$(sed -n 's/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}\([A-Za-z_][A-Za-z0-9_]*\)=.*/\2/p' .env)
  unknown=$(printf '%s\n' "$names" | grep -vE '^(COMPOSE|DOCKER|BUILDKIT|BUILDX)_' | sort -u | while read -r name; do
    known_settings | grep -qx "$name" || printf '%s ' "$name"
  done)
  twice=$(printf '%s\n' "$names" | sort | uniq -d | tr '\n' ' ')
  [ -z "$faulty" ] || fault "Settings: .env has lines that are no NAME=value: ${faulty% }"
  [ -z "$unknown" ] || warn "Settings: .env has names that nothing reads: ${unknown% }. Are they misspelt? .env.example has them all"
  [ -z "$twice" ] || warn "Settings: .env has ${twice% } more than once; the last one counts"
  [ -n "$faulty$unknown$twice" ] || ok 'Settings: every name in .env is known'
}

# Credentials for calls and expiry depend on the time.
check_clock() {
  command -v timedatectl >/dev/null 2>&1 || return 0
  case "$(timedatectl show --property NTPSynchronized --value 2>/dev/null)" in
    yes) ok 'Clock: synchronised' ;;
    no) warn 'Clock: not synchronised; sessions and calls fail when it is minutes wrong. Turn it on: timedatectl set-ntp true' ;;
  esac
}
