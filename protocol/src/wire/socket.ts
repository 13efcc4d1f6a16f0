/** Shapes of the socket interface (SPEC.md §14), parsed at both ends. */
import { z } from 'zod';
import { ERROR_CODES } from './errors.ts';
import { b64Bytes, errorBody } from './http.ts';
import { HASH_BYTES } from './limits.ts';

/** Names of the events. */
export const EVENTS = {
  hello: 'hello',
  blob: 'blob',
  resync: 'resync',
  bye: 'bye',
  renew: 'renew',
  room: 'room',
  join: 'join',
  leave: 'leave',
  arrived: 'arrived',
  left: 'left',
  signal: 'signal',
} as const;

/** The handshake's `auth`, and the payload of `renew`. */
export const tokenPayload = z.strictObject({ token: b64Bytes(HASH_BYTES) });

/** Payload of `hello`. */
export const helloPayload = z.object({
  protocol: z.array(z.number().int().positive()).min(1),
  expiresIn: z.number().int().nonnegative(),
});

/** Payload of `bye`. */
export const byePayload = z.object({ code: z.enum(ERROR_CODES) });

/** Acknowledgement of `renew`. */
export const renewAck = z.union([
  z.object({ ok: z.literal(true), expiresIn: z.number().int().nonnegative() }),
  z.object({ error: errorBody }),
]);
