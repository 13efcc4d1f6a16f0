CREATE TABLE "circle" (
  "only" BOOLEAN NOT NULL DEFAULT true,
  "circle_id" BYTEA NOT NULL,
  CONSTRAINT "circle_pkey" PRIMARY KEY ("only"),
  CONSTRAINT "circle_only_one" CHECK ("only"),
  CONSTRAINT "circle_sizes" CHECK (octet_length("circle_id") = 32)
);

CREATE TABLE "member" (
  "key_hash" BYTEA NOT NULL,
  CONSTRAINT "member_pkey" PRIMARY KEY ("key_hash"),
  CONSTRAINT "member_sizes" CHECK (octet_length("key_hash") = 32)
);

-- Challenges, sessions and tickets live for minutes. Unlogged, they cost no flush to disk, stand in no write-ahead log or
-- backup of it, and are gone after a crash, which clients answer with a new session.
CREATE UNLOGGED TABLE "challenge" (
  "nonce" BYTEA NOT NULL,
  "expiry_minute" INTEGER NOT NULL,
  CONSTRAINT "challenge_pkey" PRIMARY KEY ("nonce"),
  CONSTRAINT "challenge_sizes" CHECK (octet_length("nonce") = 32)
);

CREATE UNLOGGED TABLE "session" (
  "token_hash" BYTEA NOT NULL,
  "key_hash" BYTEA NOT NULL,
  "expiry_minute" INTEGER NOT NULL,
  CONSTRAINT "session_pkey" PRIMARY KEY ("token_hash"),
  CONSTRAINT "session_sizes" CHECK (octet_length("token_hash") = 32),
  CONSTRAINT "session_key_hash_fkey" FOREIGN KEY ("key_hash") REFERENCES "member" ("key_hash") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "session_key_hash_idx" ON "session" ("key_hash");

CREATE UNLOGGED TABLE "ticket" (
  "ticket_hash" BYTEA NOT NULL,
  "mailbox" BYTEA NOT NULL,
  "remaining" SMALLINT NOT NULL,
  "expiry_minute" INTEGER NOT NULL,
  CONSTRAINT "ticket_pkey" PRIMARY KEY ("ticket_hash"),
  CONSTRAINT "ticket_sizes" CHECK (octet_length("ticket_hash") = 32 AND "remaining" >= 0),
  CONSTRAINT "ticket_mailbox_fkey" FOREIGN KEY ("mailbox") REFERENCES "member" ("key_hash") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "ticket_mailbox_idx" ON "ticket" ("mailbox");

CREATE TABLE "blob" (
  "id" BYTEA NOT NULL,
  "mailbox" BYTEA NOT NULL,
  "expiry_hour" INTEGER NOT NULL,
  "read_hash" BYTEA NOT NULL,
  "delete_hash" BYTEA NOT NULL,
  "body" BYTEA NOT NULL,
  CONSTRAINT "blob_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "blob_sizes" CHECK (
    octet_length("id") = 16 AND octet_length("read_hash") = 32 AND octet_length("delete_hash") = 32
    AND octet_length("body") = 65536
  ),
  CONSTRAINT "blob_mailbox_fkey" FOREIGN KEY ("mailbox") REFERENCES "member" ("key_hash") ON DELETE CASCADE ON UPDATE CASCADE
);
-- Random bytes do not compress: store them out of line and leave them alone.
ALTER TABLE "blob" ALTER COLUMN "body" SET STORAGE EXTERNAL;
CREATE INDEX "blob_mailbox_id_expiry_hour_idx" ON "blob" ("mailbox", "id", "expiry_hour");
CREATE INDEX "blob_expiry_hour_idx" ON "blob" ("expiry_hour");

CREATE TABLE "roster_update" (
  "only" BOOLEAN NOT NULL DEFAULT true,
  "body" BYTEA NOT NULL,
  CONSTRAINT "roster_update_pkey" PRIMARY KEY ("only"),
  CONSTRAINT "roster_update_only_one" CHECK ("only"),
  CONSTRAINT "roster_update_sizes" CHECK (octet_length("body") = 131072)
);
ALTER TABLE "roster_update" ALTER COLUMN "body" SET STORAGE EXTERNAL;

-- However a session ends (expiry, a member removed by another process, by hand), every relay process hears of it and closes
-- its sockets.
CREATE FUNCTION "announce_session_end"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('relay_session_end', encode(OLD."token_hash", 'hex'));
  RETURN NULL;
END
$$;
CREATE TRIGGER "session_end" AFTER DELETE ON "session" FOR EACH ROW EXECUTE FUNCTION "announce_session_end"();
