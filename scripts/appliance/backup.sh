#!/bin/sh
# Usage: backup.sh make FILE [ARGUMENT...] | backup.sh bring FILE IDENTITY [ARGUMENT...]   (through `make backup` and `make restore`)
# Runs relay-admin's backup and restore in a container that sees the folder of FILE, and the secrets that belong into a backup. IDENTITY, a file of secret keys
# of age or nothing, goes in by standard input.
set -eu

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"

what=$1
file=${2:-}
shift 2
[ -n "$file" ] || fail "Name the file: FILE=relay.backup."
case $file in /*) ;; *) file=$PWD/$file ;; esac
folder=$(dirname -- "$file")
name=$(basename -- "$file")
[ -d "$folder" ] || fail "There is no folder $folder."

need_engine
terminal=''
[ -t 0 ] && [ -t 1 ] || terminal=-T

# run ARGUMENT...: relay-admin, with the folder of the file at /backup.
run() {
  # shellcheck disable=SC2086 # no terminal option is no word
  docker compose --progress quiet run --rm $terminal -v "$folder:/backup" "$@"
}

# Has services read what was restored, of which they know only what was there when they started. coturn follows its file of secrets by itself.
start_anew() {
  docker compose --progress quiet restart relay worker
  case " $(running_services)" in
    *' tor '*)
      docker compose --progress quiet restart tor
      say 'Run make up next: the relay has to know the onion address, which is that of then.'
      ;;
  esac
}

case $what in
  make)
    if [ -f .env ]; then
      run -v "$PWD/.env:/settings/.env:ro" backup backup "/backup/$name" --settings /settings/.env "$@"
    else
      run backup backup "/backup/$name" "$@"
    fi
    ;;
  bring)
    identity=$1
    shift
    is_check=''
    for argument in "$@"; do
      [ "$argument" != --check ] || is_check=1
    done
    [ -n "$is_check" ] || set -- "$@" --settings-to "/backup/$name.env"
    if [ -n "$identity" ]; then
      [ -r "$identity" ] || fail "There is no $identity that can be read."
      terminal=-T
      run backup restore "/backup/$name" --identity - "$@" < "$identity"
    else
      run backup restore "/backup/$name" "$@"
    fi
    [ -n "$is_check" ] || start_anew
    ;;
esac
