-- What each role of the relay may do, and no more. Run after the migrations, by the role that owns the tables, as often as
-- one likes: all that a role had is taken away first. Roles that do not exist are passed over, so one role may do everything.
--
-- The rights of foreign keys and triggers are not the roles' own: a cascade acts as the owner of the table it changes.
DO $$
BEGIN
  IF to_regrole('relay_relay') IS NOT NULL THEN
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM relay_relay;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM relay_relay;
    REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM relay_relay;
    REVOKE ALL ON SCHEMA public FROM relay_relay;
    GRANT USAGE ON SCHEMA public TO relay_relay;
    -- Whether every migration is there, which /readyz asks.
    GRANT SELECT (migration_name, finished_at, rolled_back_at) ON _prisma_migrations TO relay_relay;
    GRANT SELECT ON circle, member, roster_update TO relay_relay;
    GRANT SELECT, INSERT, DELETE ON challenge, session TO relay_relay;
    GRANT SELECT, INSERT ON ticket TO relay_relay;
    GRANT UPDATE (remaining) ON ticket TO relay_relay;
    -- Where a revocation has ended every key, whoever comes first makes the next one.
    GRANT SELECT, INSERT ON issuer_key, spent_token, token_draw TO relay_relay;
    GRANT UPDATE (day, batches) ON token_draw TO relay_relay;
    -- An upload takes the place of a blob of its id that has expired.
    GRANT SELECT, INSERT, DELETE ON blob TO relay_relay;
    GRANT UPDATE (mailbox, expiry_hour, read_hash, delete_hash, body) ON blob TO relay_relay;
  END IF;

  IF to_regrole('relay_worker') IS NOT NULL THEN
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM relay_worker;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM relay_worker;
    REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM relay_worker;
    REVOKE ALL ON SCHEMA public FROM relay_worker;
    GRANT USAGE ON SCHEMA public TO relay_worker;
    GRANT DELETE ON challenge, session, ticket, blob TO relay_worker;
    GRANT SELECT (expiry_minute) ON challenge, session, ticket TO relay_worker;
    GRANT SELECT (id, expiry_hour) ON blob TO relay_worker;
    -- SELECT … FOR UPDATE asks for the right to update some column. Who may delete blobs gains nothing by this one.
    GRANT UPDATE (delete_hash) ON blob TO relay_worker;
    GRANT SELECT, INSERT, DELETE ON issuer_key, spent_token TO relay_worker;
    GRANT SELECT (day), DELETE ON token_draw TO relay_worker;
    GRANT EXECUTE ON FUNCTION rewrite_blobs, rewrite_draws TO relay_worker;
    -- For VACUUM. Before PostgreSQL 17 only an owner could; there autovacuum gives the space back, somewhat later.
    IF current_setting('server_version_num')::integer >= 170000 THEN
      GRANT MAINTAIN ON blob, spent_token, challenge, session, ticket, token_draw TO relay_worker;
    END IF;
  END IF;

  IF to_regrole('relay_admin') IS NOT NULL THEN
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM relay_admin;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM relay_admin;
    REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM relay_admin;
    REVOKE ALL ON SCHEMA public FROM relay_admin;
    GRANT USAGE ON SCHEMA public TO relay_admin;
    -- Whether every migration is there and unchanged, which `relay-admin doctor` tells.
    GRANT SELECT (migration_name, checksum, finished_at, rolled_back_at) ON _prisma_migrations TO relay_admin;
    GRANT SELECT, INSERT ON circle TO relay_admin;
    GRANT SELECT, INSERT, DELETE ON member TO relay_admin;
    -- Blobs are counted and removed, never seen. Who may remove members could remove their blobs anyway.
    GRANT SELECT (mailbox, expiry_hour), DELETE ON blob TO relay_admin;
    IF current_setting('server_version_num')::integer >= 170000 THEN
      GRANT MAINTAIN ON blob TO relay_admin;
    END IF;
    GRANT SELECT, INSERT ON roster_update TO relay_admin;
    GRANT UPDATE (body) ON roster_update TO relay_admin;
  END IF;
END
$$;
