#!/bin/sh
# Makes the cluster at the first start, brings roles and passwords up to date at each, then becomes the server.
# Reads the passwords of the relay's roles from $SECRETS/{owner,relay,worker,admin}.password, made by the init service.
set -eu

secrets=${RELAY_SECRETS:-/run/secrets-postgres}
config=/etc/relay/postgresql.conf
roles='owner relay worker admin'

say() { printf 'postgres: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 78
}

# Prints a role's password. It goes through pipes alone, never into arguments or the environment, which others can list.
password_of() { # ROLE
  file=$secrets/$1.password
  [ -r "$file" ] || fail "$file is missing or cannot be read. Start the init service, which makes it."
  tr -d '\n' <"$file" | grep -Ex '[0-9a-f]{64}' ||
    fail "$file is damaged: 64 hexadecimal digits were expected. The init service says how to make it again."
}

check_version() {
  have=$(cat "$PGDATA/PG_VERSION" 2>/dev/null) ||
    fail "$PGDATA is there but is no whole PostgreSQL cluster. Restore it, or see docs/operating.md."
  [ "$have" = "$PG_MAJOR" ] || fail "the data is of PostgreSQL $have and this is PostgreSQL $PG_MAJOR. Nothing was touched." \
    "Go on with the previous version of the relay, and follow 'PostgreSQL major upgrade' in docs/operating.md."
}

# In a folder of its own until it is whole and on disk: a start that is cut short begins anew.
make_cluster() {
  say 'making the database cluster'
  rm -rf "$PGDATA.new"
  initdb --pgdata="$PGDATA.new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
    --locale-provider=builtin --builtin-locale=C.UTF-8 --data-checksums \
    --auth-local=peer --auth-host=scram-sha-256 --no-instructions >/dev/null
  mv "$PGDATA.new" "$PGDATA"
  sync -f "$PGDATA"
}

# Runs statements from standard input, each ended by `;` and an empty line, with no server running; prints rows found.
single() { # DATABASE
  postgres --single -j -D "$PGDATA" -c config_file="$config" -c exit_on_error=on -c log_min_messages=error "$1"
}

# What each role may do is images/relay/prisma/grants.sql; here only that it may log in, and with which password.
role_statements() {
  for role in $roles; do
    password=$(password_of "$role") || exit
    [ "$role" = relay ] && limit=80 || limit=6
    printf "DO 'BEGIN IF to_regrole(''%s'') IS NULL THEN CREATE ROLE %s; END IF; END';\n\n" "relay_$role" "relay_$role"
    printf "ALTER ROLE %s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT %s PASSWORD '%s';\n\n" \
      "relay_$role" "$limit" "$password"
  done
  printf 'REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;\n\nSELECT datname FROM pg_database;\n\n'
}

bring_up_to_date() {
  statements=$(role_statements) || exit
  databases=$(printf '%s\n\n' "$statements" | single postgres) || fail 'the roles could not be set up.'
  case $databases in
    *'"relay"'*) ;;
    *) printf 'CREATE DATABASE relay;\n\n' | single postgres >/dev/null || fail 'the database could not be made.' ;;
  esac
  single relay </etc/relay/database.sql >/dev/null || fail 'the database could not be set up.'
}

volume=${PGDATA%/*}
[ -w "$volume" ] || fail "$volume cannot be written by user $(id -u). It must be a volume that belongs to it."
# One server for one volume. The lock lasts as long as the server, and no longer, however it ends; the server's own, a file
# with a process number, means nothing in the next container.
exec 9<"$volume"
flock -n 9 || fail "another server uses this volume. Stop it first."

if [ -d "$PGDATA" ]; then check_version; else make_cluster; fi
rm -f "$PGDATA/postmaster.pid"
bring_up_to_date
exec postgres -D "$PGDATA" -c config_file="$config" "$@"
