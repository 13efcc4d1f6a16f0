import { arch, availableParallelism, platform } from 'node:os';
import type { Sizes } from '../options.ts';

/** Says where and how much was measured, in a sentence or two. */
export function describeSurroundings(sizes: Sizes, postgresVersion: string | undefined, now: Date): string {
  const { rounds, uploads, fetches, operations, messages, mailbox, fileMegabytes, calls } = sizes;
  const database = postgresVersion === undefined ? '' : `, PostgreSQL ${postgresVersion.split(' ')[0]}`;
  const machine = `${platform()} ${arch()}, ${availableParallelism()} cores for everything`;
  const amounts = `${uploads} uploads, ${fetches} fetches, ${operations} operations, ${messages} messages; 3 at most in a browser, with a mailbox of ${mailbox} blobs and a file of ${fileMegabytes} MB, and ${calls} calls`;
  return `${now.toISOString().slice(0, 10)}, Node ${process.versions.node}${database}, ${machine}. ${rounds} rounds of ${amounts}.`;
}
