/** Hostile inputs for what an operator gives to relay-admin, and how it may refuse them. */
import { isRelayError } from '@relay/protocol/wire';
import fc from 'fast-check';
import { expect } from 'vitest';
import { UserFault } from '../../src/faults.ts';

/** Bytes of no kind. */
export const anyBytes = fc.uint8Array({ maxLength: 3_000, size: 'max' });

/** Text of no kind: any characters, control characters and long runs among it. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom('', '\0', '\n\n\n', '='.repeat(20_000), 'a'.repeat(100_000), '\ufeff', '-', '__proto__'),
);

/**
 * A text that was right before somebody changed it: pieces cut out, doubled, moved, replaced.
 * @param text of a file that is taken as it is
 */
export function bent(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length });
  return fc
    .array(fc.tuple(place, place, fc.oneof(anyText, fc.constant(text), fc.constant(''))), {
      minLength: 1,
      maxLength: 4,
    })
    .map((changes) =>
      changes.reduce(
        (whole, [from, to, by]) => whole.slice(0, Math.min(from, to)) + by + whole.slice(Math.max(from, to)),
        text,
      ),
    );
}

/** As {@link bent}, for bytes. */
export function bentBytes(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  return bent(Buffer.from(bytes).toString('latin1')).map((text) => Buffer.from(text, 'latin1'));
}

/**
 * What an error says of itself.
 * @returns the code of what the person at the terminal can mend
 * @throws anything else: it is a bug
 */
export async function refusalOf(run: () => unknown): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof UserFault || isRelayError(error)) return error.code;
    throw error;
  }
}

/** Requires that something is taken, or refused with one of these codes. */
export async function takenOrRefused(codes: readonly string[], run: () => unknown): Promise<void> {
  expect([undefined, ...codes]).toContain(await refusalOf(run));
}
