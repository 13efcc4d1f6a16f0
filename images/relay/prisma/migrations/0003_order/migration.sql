-- Rows lie in the order in which they came, and so do their transactions' numbers. This writes some of a day's blobs anew, in the order of their
-- random ids: called from the first id to the last, it leaves nothing of the order of arrival (docs/decisions/0021).
--
-- It acts as its owner, so that whoever may call it need not be able to read a blob. Rows are deleted and inserted, not updated: an update would leave
-- them in the page where they lay. A deletion at the same moment would pass over a row that moves, so writers wait, for one call; readers do not.
-- Members are locked first: a revocation locks them before the blobs too.
CREATE FUNCTION "rewrite_blobs"("after" BYTEA, "from_hour" INTEGER, "to_hour" INTEGER, "most" INTEGER) RETURNS TABLE ("last" BYTEA, "moved" INTEGER)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
BEGIN
  PERFORM 1 FROM "member" FOR KEY SHARE;
  LOCK TABLE "blob" IN SHARE ROW EXCLUSIVE MODE;
  RETURN QUERY WITH "gone" AS (
    DELETE FROM "blob" WHERE "id" IN (
      SELECT "id" FROM "blob" WHERE "id" > "after" AND "expiry_hour" BETWEEN "from_hour" AND "to_hour" ORDER BY "id" LIMIT "most")
    RETURNING "id", "mailbox", "expiry_hour", "read_hash", "delete_hash", "body"
  ), "back" AS (
    INSERT INTO "blob" ("id", "mailbox", "expiry_hour", "read_hash", "delete_hash", "body") SELECT * FROM "gone" ORDER BY "id" RETURNING "id"
  ) SELECT "id", (count(*) OVER ())::integer FROM "back" ORDER BY "id" DESC LIMIT 1;
END
$$;
REVOKE ALL ON FUNCTION "rewrite_blobs" FROM PUBLIC;

-- The planner's statistics would keep samples of ids and key hashes, also of blobs that are long gone.
ALTER TABLE "blob" ALTER COLUMN "id" SET STATISTICS 0, ALTER COLUMN "mailbox" SET STATISTICS 0, ALTER COLUMN "read_hash" SET STATISTICS 0,
  ALTER COLUMN "delete_hash" SET STATISTICS 0, ALTER COLUMN "body" SET STATISTICS 0;
ALTER TABLE "member" ALTER COLUMN "key_hash" SET STATISTICS 0;
ALTER TABLE "session" ALTER COLUMN "token_hash" SET STATISTICS 0, ALTER COLUMN "key_hash" SET STATISTICS 0;
ALTER TABLE "ticket" ALTER COLUMN "ticket_hash" SET STATISTICS 0, ALTER COLUMN "mailbox" SET STATISTICS 0;
ALTER TABLE "challenge" ALTER COLUMN "nonce" SET STATISTICS 0;
ALTER TABLE "spent_token" ALTER COLUMN "nonce_hash" SET STATISTICS 0;
ALTER TABLE "token_draw" ALTER COLUMN "key_hash" SET STATISTICS 0;
