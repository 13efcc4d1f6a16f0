import { ERROR_CODES, encodeCbor } from '@relay/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutboxItem } from '../src/state/outbox-item.ts';
import { decodeOutboxItem, encodeOutboxItem } from '../src/state/outbox-item.ts';
import { idOf, item } from './support/outbox-edge.ts';

const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString('hex'));
const time = fc.integer({ min: 0, max: 2 ** 48 });

const items: fc.Arbitrary<OutboxItem> = fc.record({
  id: hexOf(16),
  recipient: hexOf(32),
  purpose: fc.constantFrom('message', 'part', 'log'),
  record: fc.oneof(hexOf(32), fc.constant('')),
  order: fc.nat(),
  since: time,
  due: time,
  failed: fc.constantFrom(undefined, ...ERROR_CODES),
  frame: fc.uint8Array({ maxLength: 200 }),
});

describe('a row', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(items, (one) => {
        expect(decodeOutboxItem(encodeOutboxItem(one))).toEqual(one);
      }),
    );
  });

  const row = { ...item(1), order: 1, failed: undefined };
  it('is refused when anything about it is of another shape', () => {
    const good = encodeOutboxItem(row);
    expect(decodeOutboxItem(good).id).toBe(idOf(1));
    expect(() => decodeOutboxItem(good.subarray(1))).toThrow();
    expect(() => decodeOutboxItem(encodeCbor({ id: 'x' }))).toThrow();
    const odd: unknown[] = [{ more: 1 }, { purpose: 'other' }, { failed: 'no_code' }, { since: 'today' }];
    for (const change of odd)
      expect(() => decodeOutboxItem(encodeOutboxItem({ ...row, ...(change as object) }))).toThrow();
  });

  it('takes whole numbers only: a fraction of a millisecond is a fault of whoever made it', () => {
    expect(() => encodeOutboxItem({ ...row, due: 0.5 })).toThrow();
  });
});
