#!/bin/sh
# Succeeds when the server takes connections and the relay's database answers.
set -eu
pg_isready --quiet --host=/run/postgresql --username=postgres --dbname=relay
[ "$(psql --no-psqlrc --host=/run/postgresql --username=postgres --dbname=relay --tuples-only --no-align --command='SELECT 1')" = 1 ]
