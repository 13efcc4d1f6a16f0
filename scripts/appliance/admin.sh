#!/bin/sh
# Usage: admin.sh [ARGUMENT...] (through `make admin ARGS="…"`)
# Runs relay-admin in a container of its own; standard input and output are passed through. To `config check` and `config show`, .env goes by standard input
# where no other file is named: the container does not see it.
set -eu

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"

# names_file ARGUMENT...: whether one of them is no flag.
names_file() {
  for argument in "$@"; do
    case $argument in
      - | [!-]*) return 0 ;;
    esac
  done
  return 1
}

need_engine
case "${1-} ${2-}" in
  'config check' | 'config show')
    if [ -f .env ] && (shift 2 && ! names_file "$@"); then
      set -- "$@" -
      exec <.env
    fi
    ;;
esac
terminal=''
[ -t 0 ] && [ -t 1 ] || terminal=-T
# shellcheck disable=SC2086 # no terminal option is no word
exec docker compose --progress quiet run --rm $terminal admin "$@"
