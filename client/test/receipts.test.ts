import type { ReceiptBody } from '@relay/protocol';
import { fromHex, hex, RECORD_BODIES } from '@relay/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReadRecord } from '../src/state/receipts/receipts.ts';
import { Receipts } from '../src/state/receipts/receipts.ts';
import { TestClock } from './support/clock.ts';

const id = (n: number) => n.toString(16).padStart(64, '0');
const [SELF, ADA, BOB] = [id(1), id(2), id(3)] as [string, string, string];
const TALK = id(10);

const read = (author: string, n: number, conversation = TALK): ReadRecord => ({
  author,
  conversation,
  hash: id(n),
});
const bodyOf = (...numbers: number[]): ReceiptBody => ({
  read: [[fromHex(TALK), numbers.map((n) => fromHex(id(n)))]],
});
const hashesOf = ({ read: list }: ReceiptBody) => list.flatMap(([, hashes]) => hashes.map(hex));

describe('receipts', () => {
  let clock: TestClock;
  let isOn: boolean;
  let random: number;
  let sent: [author: string, body: ReceiptBody][];
  let receipts: Receipts;

  beforeEach(() => {
    clock = new TestClock();
    isOn = true;
    random = 0;
    sent = [];
    receipts = new Receipts({
      self: SELF,
      isOn: () => isOn,
      send: (author, body) => sent.push([author, body]),
      after: clock.after,
      random: () => random,
    });
  });

  it.each([
    [0, 10_000],
    [0.5, 25_000],
    [1, 40_000],
  ])('leave together, after a random time from the first (%d)', (fraction, wait) => {
    random = fraction;
    receipts.read([read(ADA, 20)]);
    clock.pass(9_000);
    receipts.read([read(ADA, 21), read(BOB, 22)]);
    clock.pass(wait - 9_001);
    expect(sent).toEqual([]);
    clock.pass(1);
    expect(sent).toEqual([
      [ADA, bodyOf(20, 21)],
      [BOB, bodyOf(22)],
    ]);
    clock.pass(100_000);
    expect(sent).toHaveLength(2);
  });

  it('draw their delay from the CSPRNG', () => {
    const waits = new Set<number>();
    for (let i = 0; i < 50; i++) {
      const own = new TestClock();
      new Receipts({ self: SELF, isOn: () => true, send: () => {}, after: own.after }).read([read(ADA, 20)]);
      waits.add(own.waits[0] as number);
    }
    expect(waits.size).toBeGreaterThan(40);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(40_000);
  });

  it('tell nothing of own messages, nor anything twice', () => {
    receipts.read([read(SELF, 20), read(ADA, 21), read(ADA, 21)]);
    clock.pass(40_000);
    receipts.heard(SELF, bodyOf(30));
    receipts.read([read(ADA, 21), read(ADA, 30)]);
    clock.pass(40_000);
    expect(sent).toEqual([[ADA, bodyOf(21)]]);
    expect(clock.waits).toEqual([]);
  });

  it('ride along with a message to the author, once', () => {
    receipts.read([read(ADA, 20), read(BOB, 21)]);
    expect(receipts.flushFor(ADA)).toEqual([bodyOf(20)]);
    expect(receipts.flushFor(ADA)).toEqual([]);
    clock.pass(40_000);
    expect(sent).toEqual([[BOB, bodyOf(21)]]);
    receipts.read([read(ADA, 22)]);
    receipts.flushFor(ADA);
    expect(clock.waits).toEqual([]);
  });

  it('are neither collected nor sent while they are off, and what waited is dropped', () => {
    receipts.read([read(ADA, 20)]);
    isOn = false;
    receipts.read([read(ADA, 21)]);
    clock.pass(40_000);
    isOn = true;
    receipts.read([read(BOB, 22)]);
    clock.pass(40_000);
    expect(sent).toEqual([[BOB, bodyOf(22)]]);
    receipts.read([read(BOB, 23)]);
    isOn = false;
    expect(receipts.flushFor(BOB)).toEqual([]);
  });

  it('can leave before the page goes, or never', () => {
    receipts.read([read(ADA, 20)]);
    receipts.flush();
    expect(sent).toHaveLength(1);
    receipts.read([read(ADA, 21)]);
    receipts.stop();
    clock.pass(40_000);
    expect(sent).toHaveLength(1);
  });

  it('are cut into records of the shape that the protocol takes', () => {
    const many = Array.from({ length: 1_100 }, (_, i) => read(ADA, 100 + i));
    const scattered = Array.from({ length: 70 }, (_, i) => read(BOB, 2_000 + i, id(5_000 + i)));
    receipts.read([...many, ...scattered]);
    clock.pass(40_000);
    for (const [, body] of sent) {
      expect(RECORD_BODIES.receipt.safeParse(body).success).toBe(true);
      expect(hashesOf(body).length).toBeLessThanOrEqual(512);
    }
    const told = (author: string) => sent.filter(([to]) => to === author).map(([, body]) => hashesOf(body));
    expect(told(ADA).map(({ length }) => length)).toEqual([512, 512, 76]);
    expect(told(ADA).flat()).toEqual(many.map(({ hash }) => hash));
    expect(told(BOB).map(({ length }) => length)).toEqual([64, 6]);
  });

  it('say who read what, as long as this member tells as well', () => {
    receipts.heard(ADA, bodyOf(20, 21));
    receipts.heard(BOB, bodyOf(21));
    receipts.heard(SELF, bodyOf(22));
    expect([20, 21, 22, 23].map((n) => [...receipts.readBy(id(n))])).toEqual([[ADA], [ADA, BOB], [], []]);
    expect([ADA, BOB, SELF].map((member) => receipts.tells(member))).toEqual([true, true, false]);
    isOn = false;
    expect([receipts.isShown, receipts.readBy(id(21)).size]).toEqual([false, 0]);
  });
});
