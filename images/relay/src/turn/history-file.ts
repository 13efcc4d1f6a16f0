/**
 * What became of the TURN secrets, for the operator: a small file beside theirs. Days alone, as nothing finer is of use: it tells nothing of a
 * call or a member, and of a secret only that there was one.
 */
import { readFile } from 'node:fs/promises';
import type { Now } from '../time.ts';
import { replaceFile } from './locked-file.ts';

/** Why there is a new secret: the first of all, the worker's schedule, or the operator's hand. */
export type RotationCause = 'made' | 'schedule' | 'hand';

/** One new secret. */
export interface RotationRecord {
  /** Days from the Unix epoch, UTC. */
  day: number;
  cause: RotationCause;
}

/** Older ones are forgotten: two years of weeks. */
export const HISTORY_LENGTH = 104;

const HEADER = 'relay-turn-history 1';
const LINE = /^(\d{1,6}) (made|schedule|hand)$/;
const DAY_MS = 86_400_000;

const pathOf = (secretsFile: string) => `${secretsFile}.history`;

/** Reads the text of a history, oldest first. Lines that are no such are passed over: nothing depends on them. */
export function parseHistory(text: string): RotationRecord[] {
  return text.split('\n').flatMap((line) => {
    const [, day, cause] = LINE.exec(line) ?? [];
    return day === undefined ? [] : [{ day: Number(day), cause: cause as RotationCause }];
  });
}

/** The text of a history, without those that are to be forgotten. */
export function formatHistory(records: readonly RotationRecord[]): string {
  const kept = records.slice(-HISTORY_LENGTH).map(({ day, cause }) => `${day} ${cause}`);
  return `${[HEADER, ...kept].join('\n')}\n`;
}

/**
 * The new secrets that are remembered, oldest first; none where nothing is.
 * @param secretsFile path of the secrets
 * @throws the system's error, but for a file that is not there
 */
export async function readHistory(secretsFile: string): Promise<RotationRecord[]> {
  try {
    return parseHistory(await readFile(pathOf(secretsFile), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Remembers a new secret. To be called under the lock of the secrets, after they were written. A disk that is full costs the memory, not the
 * rotation.
 */
export async function remember(secretsFile: string, cause: RotationCause, now: Now): Promise<void> {
  try {
    const records = await readHistory(secretsFile);
    const day = Math.floor(now() / DAY_MS);
    await replaceFile(pathOf(secretsFile), formatHistory([...records, { day, cause }]));
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
  }
}
