-- Run in single-user mode inside the database relay at each start: it belongs to the role that migrates it, and nobody is in it
-- unasked.
ALTER DATABASE relay OWNER TO relay_owner;

REVOKE ALL ON DATABASE relay FROM PUBLIC;

GRANT CONNECT ON DATABASE relay TO relay_relay, relay_worker, relay_admin;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- What the relay's processes do is not counted: PostgreSQL would keep with it when each table and index was used last. The worker cleans up by itself.
ALTER ROLE relay_relay SET track_counts = off;

-- The worker lets go of the write-ahead log, which tells in which order blobs came.
GRANT pg_checkpoint TO relay_worker;

GRANT EXECUTE ON FUNCTION pg_switch_wal() TO relay_worker;

