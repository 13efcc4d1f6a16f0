import { RelayError } from '@relay/protocol/wire';
import { hashSecret } from '../hash.ts';
import type { Now } from '../time.ts';

/**
 * Sessions whose member was told to wait, until then: so that asking again at once costs no look at the database. In memory, by the hash of the
 * token, and forgotten when the wait is over.
 */
export interface LatelyRefused {
  /** @throws RelayError `rate_limited` with the seconds that are left */
  check(token: Uint8Array): void;
  /** Remembers what a session was told, where it was told to wait; anything else is left alone. */
  note(token: Uint8Array, thrown: unknown): void;
  size(): number;
}

/** Remembered at most; beyond it those are forgotten first that came first. */
const MOST = 4_096;

/** Makes it. */
export function createLatelyRefused(now: Now): LatelyRefused {
  /** When the wait ends, in milliseconds from the Unix epoch. */
  const until = new Map<string, number>();
  const nameOf = (token: Uint8Array) => Buffer.from(hashSecret(token)).toString('base64url');
  return {
    check(token) {
      if (until.size === 0) return;
      const name = nameOf(token);
      const end = until.get(name);
      if (end === undefined) return;
      const left = end - now();
      // A clock that was set back makes nobody wait for longer than was said.
      if (left > 0 && left <= 60_000)
        throw new RelayError('rate_limited', undefined, { retryAfter: Math.ceil(left / 1000) });
      until.delete(name);
    },
    note(token, thrown) {
      if (!(thrown instanceof RelayError) || thrown.code !== 'rate_limited') return;
      const [first] = until.keys();
      if (until.size >= MOST && first !== undefined) until.delete(first);
      until.set(nameOf(token), now() + Math.min(60, thrown.retryAfter ?? 1) * 1000);
    },
    size: () => until.size,
  };
}
