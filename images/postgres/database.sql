-- Run in single-user mode inside the database relay at each start: it belongs to the role that migrates it, and nobody is in it
-- unasked.
ALTER DATABASE relay OWNER TO relay_owner;

REVOKE ALL ON DATABASE relay FROM PUBLIC;

GRANT CONNECT ON DATABASE relay TO relay_relay, relay_worker, relay_admin;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

