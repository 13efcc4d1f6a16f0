-- Keys that blind tokens are issued under. One that a revocation has ended stays as its epoch alone: the next one must be higher.
CREATE TABLE "issuer_key" (
  "epoch" INTEGER NOT NULL,
  "secret" BYTEA,
  "public_key" BYTEA,
  CONSTRAINT "issuer_key_pkey" PRIMARY KEY ("epoch"),
  CONSTRAINT "issuer_key_sizes" CHECK (
    "epoch" >= 0 AND ("secret" IS NULL) = ("public_key" IS NULL)
    AND octet_length("secret") = 32 AND octet_length("public_key") = 32
  )
);

-- What was spent, on disk before the ticket exists, until its key ends. It refers to nobody.
CREATE TABLE "spent_token" (
  "epoch" INTEGER NOT NULL,
  "nonce_hash" BYTEA NOT NULL,
  CONSTRAINT "spent_token_pkey" PRIMARY KEY ("epoch", "nonce_hash"),
  CONSTRAINT "spent_token_sizes" CHECK (octet_length("nonce_hash") = 32),
  CONSTRAINT "spent_token_epoch_fkey" FOREIGN KEY ("epoch") REFERENCES "issuer_key" ("epoch") ON DELETE CASCADE ON UPDATE CASCADE
);

-- How many batches each member drew on the day it drew last. Unlogged: a crash gives everybody a fresh day, and no log of it remains.
CREATE UNLOGGED TABLE "token_draw" (
  "key_hash" BYTEA NOT NULL,
  "day" INTEGER NOT NULL,
  "batches" INTEGER NOT NULL,
  CONSTRAINT "token_draw_pkey" PRIMARY KEY ("key_hash"),
  CONSTRAINT "token_draw_sizes" CHECK (octet_length("key_hash") = 32),
  CONSTRAINT "token_draw_key_hash_fkey" FOREIGN KEY ("key_hash") REFERENCES "member" ("key_hash") ON DELETE CASCADE ON UPDATE CASCADE
);

-- However a member is revoked (relay-admin, by hand), what it drew is void in the same transaction. Tokens name nobody, so all are; the
-- others draw anew, and what they drew counts no more. It acts as its owner: who revokes members need not see issuer keys.
--
-- The keys are locked before the members: whoever spends a token locks them in that order too.
CREATE FUNCTION "hold_issuer_keys"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM "issuer_key" FOR UPDATE;
  RETURN NULL;
END
$$;
CREATE FUNCTION "void_tokens"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  highest INTEGER;
BEGIN
  IF NOT EXISTS (SELECT FROM "revoked") THEN RETURN NULL; END IF;
  SELECT max("epoch") INTO highest FROM "issuer_key";
  DELETE FROM "token_draw";
  -- Deleted, not emptied: a spend under way then fails on its foreign key.
  DELETE FROM "issuer_key";
  IF highest IS NOT NULL THEN INSERT INTO "issuer_key" ("epoch") VALUES (highest); END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "revocation_begins" BEFORE DELETE ON "member" FOR EACH STATEMENT EXECUTE FUNCTION "hold_issuer_keys"();
CREATE TRIGGER "revocation" AFTER DELETE ON "member" REFERENCING OLD TABLE AS "revoked" FOR EACH STATEMENT EXECUTE FUNCTION "void_tokens"();
