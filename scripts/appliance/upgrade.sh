#!/bin/sh
# Usage: upgrade.sh (through `make upgrade`, after `git pull`)
# Builds new images, brings the database up to date and replaces the services one by one. What the relay has
# acknowledged is in the database, so nothing of it is lost. When building or migrating fails, the old ones run on.
set -eu

# shellcheck source=scripts/appliance/lib.sh
. "$(dirname -- "$0")/lib.sh"
# shellcheck source=scripts/appliance/preflight.sh
. "$root/scripts/appliance/preflight.sh"

# one_shot SERVICE: runs init or migrate in its new image, beside the old services.
one_shot() { docker compose --progress quiet run --rm --no-deps -T "$1" </dev/null; }

# Data of one major version cannot be opened by another.
postgres_major() { sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p'; }
same_postgres() {
  old=$(docker compose exec -T postgres postgres --version 2>/dev/null </dev/null | postgres_major)
  new=$(docker compose --progress quiet run --rm --no-deps -T --entrypoint postgres postgres --version 2>/dev/null </dev/null | postgres_major)
  [ -z "$old" ] || [ -z "$new" ] || [ "$old" = "$new" ] ||
    fail "PostgreSQL would change from $old to $new, which does not read the old data. The old services still run, untouched. Follow \"PostgreSQL major upgrade\" in docs/operating.md."
}

# Long-running services in the order in which they are replaced; the database first.
order() {
  services=$(docker compose config --services)
  for service in postgres relay worker coturn; do
    printf '%s\n' "$services" | grep -x "$service" || true
  done
  printf '%s\n' "$services" | grep -vxE 'init|migrate|admin|postgres|relay|worker|coturn' || true
}

replaced=''
replace() {
  say "Replacing $1 …"
  if ! docker compose up --detach --no-build --no-deps --wait --wait-timeout 180 "$1"; then
    say ''
    explain_unwell
    fail "$1 did not come up in its new version. New already:${replaced:- none}. The others run on as they were. Nothing acknowledged is lost; mend it and run make upgrade again."
  fi
  replaced="$replaced $1"
}

preflight
case " $running " in
  *' postgres '*) ;;
  *) fail 'The appliance does not run, so there is nothing to replace: make up builds and starts the new version.' ;;
esac

say 'Building …'
docker compose build || fail 'The new images could not be built. The old services still run, untouched.'
same_postgres
one_shot init || fail 'init failed in its new version. The old services still run, untouched.'
say 'Bringing the database up to date …'
one_shot migrate ||
  fail 'The migration failed; the step that failed is undone. The old services still run, all of them. Keep the lines above when you report it.'
for service in $(order); do
  replace "$service"
  # A new database container may know new roles, which get their rights from the migration.
  [ "$service" != postgres ] || one_shot migrate ||
    fail 'The migration failed after postgres was replaced. New: postgres; all others run on as they were. Run make upgrade again when you have mended it.'
done
docker image prune --force --filter "label=com.docker.compose.project=$(printf '%s\n' "$config" | sed -n 's/^name: //p')" >/dev/null || true
say ''
say "Upgraded:$replaced. Services that had not changed went on undisturbed."
