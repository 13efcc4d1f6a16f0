/** Shapes of the HTTP interface (SPEC.md §13), parsed at both ends. */
import { z } from 'zod';
import type { Bytes } from './bytes.ts';
import { fromB64 } from './bytes.ts';
import { ERROR_CODES } from './errors.ts';
import {
  BUNDLE_BYTES,
  HASH_BYTES,
  SIGNATURE_BYTES,
  TOKEN_BATCH,
  TOKEN_ELEMENT_BYTES,
  TOKEN_PROOF_BYTES,
} from './limits.ts';

/** base64url text of exactly `n` bytes, parsed to bytes. */
export function b64Bytes(n: number) {
  return z.string().transform((text, context): Bytes => {
    try {
      const bytes = fromB64(text);
      if (bytes.length === n) return bytes;
    } catch {
      // falls through to the one message
    }
    context.addIssue({ code: 'custom', message: `expected base64url of ${n} bytes` });
    return z.NEVER;
  });
}

const seconds = z.number().int().nonnegative();
const protocolVersions = z.array(z.number().int().positive()).min(1);

/** Every path, in one place for both ends. */
export const ROUTES = {
  challenge: '/v1/challenge',
  sessions: '/v1/sessions',
  sessionsEnd: '/v1/sessions/end',
  tokenKeys: '/v1/token-keys',
  tokens: '/v1/tokens',
  tickets: '/v1/tickets',
  blobs: '/v1/blobs',
  blobsRead: '/v1/blobs/read',
  blobsDelete: '/v1/blobs/delete',
  mailbox: '/v1/mailbox',
  mailboxFetch: '/v1/mailbox/fetch',
  mailboxDelete: '/v1/mailbox/delete',
  mailboxEmpty: '/v1/mailbox/empty',
  rosterUpdate: '/v1/roster-update',
  turn: '/v1/turn',
  health: '/healthz',
  ready: '/readyz',
} as const;

/** Scheme of the Authorization header that carries a session token. */
export const SESSION_SCHEME = 'Bearer';
/** Scheme of the Authorization header that carries a token. */
export const TOKEN_SCHEME = 'Relay-Token';
/** Scheme of the Authorization header that carries an upload ticket. */
export const TICKET_SCHEME = 'Relay-Ticket';

/** Answer to `POST /v1/challenge`. */
export const challengeAnswer = z.object({
  protocol: protocolVersions,
  nonce: b64Bytes(HASH_BYTES),
  expiresIn: seconds,
});

/** Body of `POST /v1/sessions`. The version is checked apart, for an error of its own. */
export const sessionRequest = z.strictObject({
  protocol: z.number().int(),
  origin: z.string().min(1).max(255),
  nonce: b64Bytes(HASH_BYTES),
  bundle: b64Bytes(BUNDLE_BYTES),
  signature: b64Bytes(SIGNATURE_BYTES),
});

/** Answer to `POST /v1/sessions`. */
export const sessionAnswer = z.object({ token: b64Bytes(HASH_BYTES), expiresIn: seconds });

const hours = z.number().int().nonnegative().max(0xffff_ffff);
const issuerKey = { epoch: hours, publicKey: b64Bytes(TOKEN_ELEMENT_BYTES) };

/** Answer to `GET /v1/token-keys`: the keys whose tokens can be spent, newest first. */
export const tokenKeysAnswer = z.object({
  keys: z
    .array(
      z.object({
        ...issuerKey,
        /** The hour at which its tokens cannot be spent any more. */
        ends: hours,
      }),
    )
    .min(1)
    .max(4),
});

/** Answer to `POST /v1/tokens`: the key in use, and what it made of the blinded elements. */
export const tokensAnswer = z.object({
  ...issuerKey,
  evaluated: b64Bytes(TOKEN_BATCH * TOKEN_ELEMENT_BYTES),
  proof: b64Bytes(TOKEN_PROOF_BYTES),
});

/** Body of `POST /v1/tickets`. */
export const ticketRequest = z.strictObject({ recipient: b64Bytes(HASH_BYTES) });

/** Answer to `POST /v1/tickets`. */
export const ticketAnswer = z.object({
  ticket: b64Bytes(HASH_BYTES),
  /** Blobs that the ticket carries. */
  blobs: z.number().int().positive(),
  /** Blobs for which the mailbox has room besides, rounded down. */
  room: z.number().int().nonnegative(),
  /** Blobs that a mailbox holds at most. */
  capacity: z.number().int().positive(),
  expiresIn: seconds,
});

/** Answer to the routes that delete. */
export const deleteAnswer = z.object({ deleted: z.number().int().nonnegative() });

/** Answer to `POST /v1/turn`: what `RTCPeerConnection` takes as one of its `iceServers`. */
export const turnAnswer = z.object({
  urls: z.array(z.string().regex(/^turns?:[^\s?]+(\?transport=(udp|tcp))?$/)).min(1),
  username: z.string().min(1),
  credential: z.string().min(1),
  expiresIn: seconds,
});

/** The body of an error: a code of the closed set and words for a person. */
export const errorBody = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  /** Seconds, on sockets: HTTP says so in `Retry-After`. */
  retryAfter: z.number().int().positive().optional(),
});

/** Answer to any failed request. */
export const errorAnswer = z.object({ error: errorBody });
