#!/bin/sh
# Usage: status.sh (through `make status`)
# Says how every service is, what takes how much room, and how the TURN secrets stand. Goes on where a part is broken;
# exit code 1 when anything is not well.
set -u

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"

need_engine
well=0
running=$(running_services)

say 'Services'
if ! services=$(docker compose ps --all --format 'table {{.Service}}\t{{.Status}}' 2>&1); then
  say "  compose does not answer: $(printf '%s\n' "$services" | grep . | tail -n 1)"
  exit 1
fi
printf '%s\n' "$services" | sed 's/^/  /'
for service in postgres relay worker coturn; do
  case " $running " in
    *" $service "*) ;;
    *)
      say "  $service does not run"
      well=1
      ;;
  esac
done
unwell=$(unwell_services)
if [ -n "$unwell" ]; then
  well=1
  say ''
  explain_unwell
fi

# size SERVICE PATH WORDS
size() {
  kib=$(docker compose exec -T "$1" du -sk "$2" 2>/dev/null </dev/null | awk '{ print $1 }')
  if [ -n "$kib" ]; then
    say "  $3: $(awk -v kib="$kib" 'BEGIN { if (kib < 1048576) printf "%.0f MiB", kib / 1024; else printf "%.1f GiB", kib / 1048576 }')"
  else
    say "  $3: not to be seen while $1 does not run"
  fi
}

say ''
say 'Sizes'
size postgres /var/lib/postgresql 'database, with all messages'
place=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null)
free=$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { printf "%.1f GiB", $4 / 1048576 }')
say "  free on the disk: ${free:-unknown}"

say ''
say 'TURN secrets'
image=$(docker compose --profile admin config --images admin 2>/dev/null | head -n 1)
if [ -z "$image" ] || ! docker image inspect "$image" >/dev/null 2>&1; then
  say '  not to be seen before the images are built: make up'
elif ! turn=$(docker compose --progress quiet run --rm --no-deps -T admin turn status 2>&1 </dev/null); then
  well=1
  printf '%s\n' "$turn" | sed 's/^/  /'
  say '  relay-admin turn status failed'
else
  printf '%s\n' "$turn" | sed 's/^/  /'
fi

say ''
if [ "$well" -eq 0 ]; then
  say 'All is well.'
else
  say 'Not all is well: see above. make doctor says what mends it, make logs SERVICE=NAME tells more.'
fi
exit "$well"
