import type { Bytes } from '@relay/protocol/wire';
import type { Database } from '../database/pools.ts';

/** What is stored of a session. */
export interface StoredSession {
  /** 32 bytes. */
  tokenHash: Bytes;
  /** Whose it is, 32 bytes. */
  keyHash: Bytes;
  /** The minute at which it ends. */
  expiryMinute: number;
}

/** Challenges, sessions, and what a proof is checked against. */
export type SessionRepository = ReturnType<typeof createSessionRepository>;

// By `pg`: nearly every request asks it.
const FIND = `SELECT token_hash AS "tokenHash", key_hash AS "keyHash", expiry_minute AS "expiryMinute" FROM session
  WHERE token_hash = $1 AND expiry_minute > $2`;

/** @param database every method throws its errors */
export function createSessionRepository({ prisma, pool }: Pick<Database, 'prisma' | 'pool'>) {
  return {
    async addChallenge(nonce: Bytes, expiryMinute: number): Promise<void> {
      await prisma.challenge.createMany({ data: { nonce, expiryMinute } });
    },

    /** Removes a nonce. Resolves to whether it was there and alive at `minute`: true for one caller only. */
    async takeChallenge(nonce: Bytes, minute: number): Promise<boolean> {
      const { count } = await prisma.challenge.deleteMany({ where: { nonce, expiryMinute: { gt: minute } } });
      return count === 1;
    },

    /** The circle id, 32 bytes; undefined when the relay is not seeded. */
    async findCircleId(): Promise<Bytes | undefined> {
      return (await prisma.circle.findFirst())?.circleId;
    },

    async isMember(keyHash: Bytes): Promise<boolean> {
      return (await prisma.member.findUnique({ where: { keyHash } })) !== null;
    },

    /** Throws the foreign-key error when the member is gone. */
    async addSession(session: StoredSession): Promise<void> {
      await prisma.session.createMany({ data: session });
    },

    /** The session of a token, unless it ended at `minute` or before. */
    async findSession(tokenHash: Bytes, minute: number): Promise<StoredSession | undefined> {
      const query = { name: 'session-find', text: FIND, values: [tokenHash, minute] };
      const { rows } = await pool.query<StoredSession>(query);
      const [found] = rows;
      // Copies: a view would keep the whole piece of memory that it was read into for as long as a socket is open.
      return (
        found && {
          ...found,
          tokenHash: new Uint8Array(found.tokenHash),
          keyHash: new Uint8Array(found.keyHash),
        }
      );
    },

    /** Ends every session of a key. The database announces each end, so their sockets end in every process. */
    async removeSessions(keyHash: Bytes): Promise<void> {
      await prisma.session.deleteMany({ where: { keyHash } });
    },
  };
}
