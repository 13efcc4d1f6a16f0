import { hex, RelayError } from '@relay/protocol/wire';

/** Counts what each member, or address, has of something that ends, such as sockets. In memory. */
export interface Shares {
  /**
   * Takes one more for a member (key hash, 32 bytes), or for whoever has that name.
   * @returns gives it back; calling it again changes nothing
   * @throws RelayError `rate_limited` when the member has as many as one may have
   */
  take(who: Uint8Array | string): () => void;
}

/** Seconds after which something may have ended, unless told otherwise. */
const RETRY_AFTER = 30;

/**
 * @param most of one member in this process
 * @param message says what to end first
 * @param retryAfter seconds after which one may have ended
 */
export function createShares(most: number, message: string, retryAfter = RETRY_AFTER): Shares {
  const taken = new Map<string, number>();
  return {
    take(who) {
      const member = typeof who === 'string' ? who : hex(who);
      const count = taken.get(member) ?? 0;
      if (count >= most) throw new RelayError('rate_limited', message, { retryAfter });
      taken.set(member, count + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        const left = (taken.get(member) ?? 1) - 1;
        if (left === 0) taken.delete(member);
        else taken.set(member, left);
      };
    },
  };
}
