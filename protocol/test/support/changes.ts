/** Changes of valid inputs, as bytes and as values. */
import fc from 'fast-check';
import type { CborValue } from '../../src/index.ts';
import { concat } from '../../src/index.ts';

const writes = (least: number) =>
  fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: least, maxLength: 4 });

/** Changes of a valid input that a person or a network can make, half of which keep its length. */
export const changes = fc.oneof(
  fc.record({
    writes: writes(0),
    cut: fc.option(fc.nat(), { nil: undefined }),
    add: fc.uint8Array({ maxLength: 20 }),
    repeat: fc.option(fc.tuple(fc.nat(), fc.nat(200)), { nil: undefined }),
  }),
  fc.record({
    writes: writes(1),
    cut: fc.constant(undefined),
    add: fc.constant(new Uint8Array()),
    repeat: fc.constant(undefined),
  }),
);

/** One of {@link changes}. */
export type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never;

/** A valid input with a change. */
export function changed(valid: Uint8Array, change: Change): Uint8Array {
  let out = valid.slice();
  for (const [at, byte] of change.writes) out[at % out.length] = byte;
  if (change.repeat !== undefined) {
    const from = change.repeat[0] % out.length;
    out = concat(out.subarray(0, from), out.subarray(from, from + change.repeat[1]), out.subarray(from));
  }
  if (change.cut !== undefined) out = out.slice(0, change.cut % (out.length + 1));
  return concat(out, change.add);
}

/** Whether two inputs are of the same bytes. */
export const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Values that are the right one nowhere, or only just. */
const ODD: readonly CborValue[] = [
  null,
  true,
  0,
  -1,
  1,
  0xffff_ffff,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  '',
  'constructor',
  '\u202e\0',
  'x'.repeat(54_001),
  new Uint8Array(),
  new Uint8Array(31),
  new Uint8Array(32),
  new Uint8Array(1_280),
  [],
  [[[]]],
  {},
];

const isMap = (value: CborValue): value is { readonly [key: string]: CborValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** How many parts a value has, itself among them. */
function partsOf(value: CborValue): number {
  if (!Array.isArray(value) && !isMap(value)) return 1;
  return Object.values(value).reduce((sum, part) => sum + partsOf(part), 1);
}

type Bend = (part: CborValue) => CborValue[];

/** `value` with its part of number `at` bent into none, one or two: where that is no element of a list, the first one counts. */
function bentAt(value: CborValue, at: number, bend: Bend): CborValue[] {
  if (at === 0) return bend(value);
  const isList = Array.isArray(value);
  let left = at - 1;
  const parts: [string, CborValue][] = [];
  for (const [key, part] of Object.entries(value as { [key: string]: CborValue })) {
    const count = partsOf(part);
    const become = left >= 0 && left < count ? bentAt(part, left, bend) : [part];
    left -= count;
    for (const one of isList ? become : become.slice(0, 1)) parts.push([key, one]);
  }
  return [isList ? parts.map(([, part]) => part) : Object.fromEntries(parts)];
}

/** A value of the same sort that is a little off. */
function off(part: CborValue): CborValue[] {
  if (typeof part === 'number') return [part + 1, part - 1].filter(Number.isSafeInteger);
  if (typeof part === 'string') return [`${part}x`, part.slice(1), 'constructor'];
  if (part instanceof Uint8Array)
    return [concat(part, new Uint8Array(1)), part.slice(1), part.map((byte) => byte ^ 1)];
  if (Array.isArray(part)) return [part.toReversed(), [...part, ...part], part.slice(1)];
  return isMap(part)
    ? [
        { ...part, more: 1 },
        { ...part, constructor: 1 },
      ]
    : [part !== true];
}

const bends: fc.Arbitrary<Bend> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.nat().map(
      (n) => (part: CborValue) =>
        off(part)
          .slice(n % off(part).length)
          .slice(0, 1),
    ),
  },
  fc.constantFrom(...ODD).map((odd) => () => [odd]),
  fc.constant(() => []),
  fc.constant((part: CborValue) => [part, part]),
  fc.constant((part: CborValue) => [[part]]),
);

/** A value with up to three of its parts a little off, replaced, left out, or repeated. */
export function nearly(value: CborValue): fc.Arbitrary<CborValue> {
  return fc
    .array(fc.tuple(fc.nat(), bends), { maxLength: 3 })
    .map((list) =>
      list.reduce((whole, [at, bend]) => bentAt(whole, at % partsOf(whole), bend)[0] ?? null, value),
    );
}
