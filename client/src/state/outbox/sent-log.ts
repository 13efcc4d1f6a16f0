/**
 * The sent log (SPEC.md §10): lines of this member's own records, sealed to itself, several to a blob, on their way only after a random delay so that
 * the relay cannot tell from them who has just sent something. A line is written when the relay acknowledged what it tells of.
 */
import type { CborValue, SentLogPrivate } from '@relay/protocol';
import { fromHex, hex, randomBytes } from '@relay/protocol';
import type { Letter, LetterRecord } from './letter.ts';
import { fitTogether } from './letter.ts';

const MINUTE = 60_000;

type Target = SentLogPrivate['to'][number];

/** The lines that an acknowledged letter adds. */
export function linesOf(letter: Pick<Letter, 'recipient' | 'records'>, blob: string): LetterRecord[] {
  return letter.records.map(({ hash, content, private: part }) => {
    const target: Target = { member: fromHex(letter.recipient), blob: fromHex(blob) };
    if (part.file instanceof Uint8Array) target.file = part.file.slice();
    return { hash, content, private: { to: [target] } as unknown as { [key: string]: CborValue } };
  });
}

/** Where records went, as a line tells it. */
export function targetsOf(line: Pick<LetterRecord, 'private'>): Target[] {
  return (line.private as unknown as SentLogPrivate).to;
}

/**
 * Adds lines to those of a blob that waits; a record that went to several members has one line.
 * @returns undefined when they do not fit one blob together
 */
export function withLines(
  lines: readonly LetterRecord[],
  more: readonly LetterRecord[],
): LetterRecord[] | undefined {
  const together = new Map(lines.map((line) => [line.hash, line]));
  for (const line of more) {
    const known = together.get(line.hash);
    const before = known === undefined ? [] : targetsOf(known);
    const fresh = targetsOf(line).filter(({ blob }) => before.every((old) => hex(old.blob) !== hex(blob)));
    const to = [...before, ...fresh];
    together.set(line.hash, { ...line, private: { to } as unknown as { [key: string]: CborValue } });
  }
  const joined = [...together.values()];
  return fitTogether(joined) ? joined : undefined;
}

/**
 * When a log blob that begins now may leave: whole milliseconds.
 * @param minutes bounds of the delay; a fresh uniform one is drawn for each blob
 */
export function logDue(now: number, [least, most]: readonly [number, number]): number {
  const fraction = new DataView(randomBytes(4).buffer).getUint32(0) / 2 ** 32;
  return now + Math.round((least + fraction * (most - least)) * MINUTE);
}
