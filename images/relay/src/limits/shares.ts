import { hex, RelayError } from '@relay/protocol/wire';

/** Counts what each member has of something that ends, such as sockets. In memory. */
export interface Shares {
  /**
   * Takes one more for a member (key hash, 32 bytes).
   * @returns gives it back; calling it again changes nothing
   * @throws RelayError `rate_limited` when the member has as many as one may have
   */
  take(keyHash: Uint8Array): () => void;
}

/** Seconds after which something may have ended. */
const RETRY_AFTER = 30;

/**
 * @param most of one member in this process
 * @param message says what to end first
 */
export function createShares(most: number, message: string): Shares {
  const taken = new Map<string, number>();
  return {
    take(keyHash) {
      const member = hex(keyHash);
      const count = taken.get(member) ?? 0;
      if (count >= most) throw new RelayError('rate_limited', message, { retryAfter: RETRY_AFTER });
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
