-- Rows of draws lie in the order of members' last draws of the day, and so do their transactions' numbers. Written anew in the order of their key
-- hashes, by one transaction, they tell no more (docs/decisions/0021).
--
-- It acts as its owner, so that whoever may call it need not be able to read a key hash. Members are locked first: a revocation locks them before
-- the draws too.
CREATE FUNCTION "rewrite_draws"() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
BEGIN
  PERFORM 1 FROM "member" FOR KEY SHARE;
  WITH "gone" AS (DELETE FROM "token_draw" RETURNING "key_hash", "day", "batches")
    INSERT INTO "token_draw" ("key_hash", "day", "batches") SELECT * FROM "gone" ORDER BY "key_hash";
END
$$;
REVOKE ALL ON FUNCTION "rewrite_draws" FROM PUBLIC;
