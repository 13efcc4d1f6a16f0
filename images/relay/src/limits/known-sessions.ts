import { hex } from '@relay/protocol/wire';
import { hashSecret } from '../hash.ts';

/**
 * Sessions that this process has taken, so that they are served whatever others do at the address that they share. In memory, by the hash of the token; whether
 * one still holds is looked up each time all the same.
 */
export interface KnownSessions {
  /** A session (token, 32 bytes) of a member (key hash, 32 bytes) was proven. */
  note(token: Uint8Array, keyHash: Uint8Array): void;
  /** Whose session it was when it was proven last, a key hash of 32 bytes; undefined for any other. */
  memberOf(token: Uint8Array): Uint8Array | undefined;
  /** It does not hold any more. */
  forget(token: Uint8Array): void;
  size(): number;
}

/** Sessions of one member at most: those of its windows, and of the quarter of an hour before. Beyond it the oldest is forgotten. */
const MOST = 128;

/** Makes it. Each member has its own bound, so that nobody's sessions push out another's. */
export function createKnownSessions(): KnownSessions {
  const members = new Map<string, Uint8Array>();
  /** Names of each member's sessions, the oldest first. */
  const sessions = new Map<string, Set<string>>();
  const nameOf = (token: Uint8Array) => Buffer.from(hashSecret(token)).toString('base64url');

  function forget(name: string): void {
    const keyHash = members.get(name);
    if (keyHash === undefined) return;
    members.delete(name);
    const own = sessions.get(hex(keyHash));
    own?.delete(name);
    if (own?.size === 0) sessions.delete(hex(keyHash));
  }

  return {
    note(token, keyHash) {
      const name = nameOf(token);
      if (members.has(name)) return;
      const own = sessions.get(hex(keyHash)) ?? new Set();
      const [oldest] = own;
      if (own.size >= MOST && oldest !== undefined) forget(oldest);
      members.set(name, keyHash);
      sessions.set(hex(keyHash), own.add(name));
    },
    memberOf: (token) => (members.size === 0 ? undefined : members.get(nameOf(token))),
    forget: (token) => forget(nameOf(token)),
    size: () => members.size,
  };
}
