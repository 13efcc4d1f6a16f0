/**
 * How the server stands, in numbers that tell nothing of anybody. Left out on purpose: sessions and sockets (one that is open says that
 * somebody is there), calls, mailboxes. Blobs are rounded, so that a number that is watched does not say when one came.
 */
import { statfs } from 'node:fs/promises';
import { isRelayError } from '@relay/protocol/wire';
import { UserFault } from '../faults.ts';
import type { AdminStore } from './member-store.ts';
import { withMemberStore } from './member-store.ts';
import { inspectSecrets, unixNow } from './turn-secrets.ts';

/** A part of the status, or why it is not to be seen. */
export type Part<T> = ({ fault?: undefined } & T) | { fault: string };

/** How the server stands. */
export interface ServerStatus {
  /** Unix seconds. */
  at: number;
  /** Blobs are rounded to two digits. */
  database: Part<{ members: number; blobs: number; expired: number; databaseBytes: number }>;
  /** The file system that relay-admin itself is on; in the appliance, the one of Docker’s data. */
  disk: Part<{ freeBytes: number; totalBytes: number }>;
  /** Age of the secret that makes credentials, in seconds. */
  turn: Part<{ alive: number; ageSeconds: number }>;
}

/** Where {@link serverStatus} looks. */
export interface StatusSources {
  totals(): ReturnType<AdminStore['totals']>;
  secrets(now: number): ReturnType<typeof inspectSecrets>;
  disk(): Promise<{ bavail: number; blocks: number; bsize: number }>;
  /** Unix seconds. */
  now(): number;
}

/** The sources of the real server. */
export function statusSources(
  databaseUrl: string | undefined,
  secretsFile: string | undefined,
): StatusSources {
  return {
    totals: () => withMemberStore(databaseUrl, (store) => store.totals()),
    secrets: (now) => inspectSecrets(secretsFile, now),
    disk: () => statfs('/'),
    now: unixNow,
  };
}

/** Looks at every part; one that is away does not keep the others from being seen. */
export async function serverStatus({ totals, secrets, disk, now }: StatusSources): Promise<ServerStatus> {
  const at = now();
  const [database, space, turn] = await Promise.all([
    part(async () => {
      const { blobs, expired, ...rest } = await totals();
      return { ...rest, blobs: rounded(blobs), expired: rounded(expired) };
    }),
    part(async () => {
      const { bavail, blocks, bsize } = await disk();
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    }),
    part(async () => {
      const { secrets: alive } = await secrets(at);
      const minting = alive.find(({ state }) => state === 'minting');
      return { alive: alive.length, ageSeconds: Math.max(0, at - (minting?.mintFrom ?? at)) };
    }),
  ]);
  return { at, database, disk: space, turn };
}

/** Whether every part was seen. */
export function isWhole({ database, disk, turn }: ServerStatus): boolean {
  return [database, disk, turn].every(({ fault }) => fault === undefined);
}

/** To two digits that count: 1,234 is 1,200. */
export function rounded(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.round(count / step) * step;
}

async function part<T extends object>(look: () => Promise<T>): Promise<Part<T>> {
  try {
    return await look();
  } catch (error) {
    const known =
      error instanceof UserFault || isRelayError(error) || (error instanceof Error && 'syscall' in error);
    if (!known) throw error;
    return { fault: (error as Error).message };
  }
}
