/** Sizes in bytes, times and counts that the wire fixes (SPEC.md §18). */

/** Protocol versions this code speaks (SPEC.md §19). */
export const PROTOCOL_VERSIONS = [1] as const;
/** The current protocol version. */
export const PROTOCOL_VERSION = 1;

/** Every stored blob. */
export const BLOB_BYTES = 65_536;
/** A blob id. */
export const BLOB_ID_BYTES = 16;
/** Every hash, secret, nonce and token. */
export const HASH_BYTES = 32;
/** A capability in a request: blob id and secret. */
export const CAPABILITY_BYTES = BLOB_ID_BYTES + HASH_BYTES;
/** An upload: blob id, hash of the read secret, hash of the delete secret, blob. */
export const UPLOAD_FRAME_BYTES = BLOB_ID_BYTES + 2 * HASH_BYTES + BLOB_BYTES;
/** One fetched blob: blob id, blob. */
export const BLOB_FRAME_BYTES = BLOB_ID_BYTES + BLOB_BYTES;
/** One line of a mailbox: blob id, hour of expiry. */
export const ENTRY_BYTES = BLOB_ID_BYTES + 4;
/** Blob ids or capabilities in one request. */
export const MAX_IDS_PER_REQUEST = 256;
/** A JSON request body. */
export const MAX_JSON_BYTES = 8_192;
/** A public bundle: signing (32), sealing (1,216) and pairing (32) key. */
export const BUNDLE_BYTES = 1_280;
/** An Ed25519 signature. */
export const SIGNATURE_BYTES = 64;
/** A served roster update (SPEC.md §16). */
export const ROSTER_UPDATE_BYTES = 131_072;

/** Blobs that one ticket carries, whatever is sent. */
export const TICKET_BLOBS = 32;
/** Life of a ticket, in seconds. */
export const TICKET_SECONDS = 300;
/** Life of a challenge nonce, in seconds. */
export const CHALLENGE_SECONDS = 60;
/** Life of a session, in seconds. */
export const SESSION_SECONDS = 900;

/** Tokens of one draw: always so many. */
export const TOKEN_BATCH = 64;
/** An element of the group that tokens are made in, blinded or evaluated, and an issuer's public key. */
export const TOKEN_ELEMENT_BYTES = 32;
/** The issuer's function of a nonce. */
export const TOKEN_OUTPUT_BYTES = 64;
/** Proof that a batch was evaluated with one key. */
export const TOKEN_PROOF_BYTES = 64;
/** A token: epoch, nonce, output. */
export const TOKEN_BYTES = 4 + HASH_BYTES + TOKEN_OUTPUT_BYTES;
/** For how many hours tokens are drawn under one issuer key. */
export const ISSUER_KEY_HOURS = 168;
/** For how many hours more they can be spent. */
export const ISSUER_OVERLAP_HOURS = 24;

/** Credentials for TURN that a member gets at once. */
export const TURN_BURST = 20;
/** Seconds after which a member gets one more. */
export const TURN_REFILL_SECONDS = 30;

/** Members of a circle, at least and at most. */
export const MIN_MEMBERS = 2;
/** See {@link MIN_MEMBERS}. */
export const MAX_MEMBERS = 32;

/** Blob life is counted from the end of the day of arrival (SPEC.md §15), in hours. */
export const RETENTION_HOURS = 72;
/** Largest shift of an expiry either way, in hours. */
export const EXPIRY_JITTER_HOURS = 12;
/** Shortest life of a blob, in hours. */
export const MIN_BLOB_LIFE_HOURS = RETENTION_HOURS - EXPIRY_JITTER_HOURS;
/** Longest life of a blob, in hours. */
export const MAX_BLOB_LIFE_HOURS = 24 + RETENTION_HOURS + EXPIRY_JITTER_HOURS;

/** A seat in a room: salt (16) and tag (16). */
export const SEAT_BYTES = 32;
/** Sizes that the sealed box of a signal can have, in bytes. */
export const SIGNAL_BOX_BYTES = [4_096, 16_384, 49_152] as const;
/** What a signal counts for a member: its box in units of so many bytes. */
export const SIGNAL_UNIT_BYTES = 4_096;
/** Units of signals that a member can send at once. */
export const SIGNAL_BURST = 4_000;
/** Units of signals that a member gets in a second. */
export const SIGNALS_PER_SECOND = 200;
/** Seats of one room: several pages of each member know of a call. */
export const MAX_SEATS = 96;
/** Rooms that one socket can be in: the call it is in, and those that ring. */
export const MAX_ROOMS_PER_SOCKET = 8;
/** Life of a nonce for joining, in seconds. */
export const JOIN_SECONDS = 60;
/** How long an invitation to a call can be used at most, in hours. */
export const MAX_INVITATION_HOURS = 12;
