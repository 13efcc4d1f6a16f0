import { hex, MAX_BODY_BYTES, randomBytes } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { linesOf, logDue, targetsOf, withLines } from '../src/state/outbox/sent-log.ts';
import { BOB, CAROL, hashOf, idOf, mail } from './support/outbox-edge.ts';
import { NOW } from './support/records.ts';

const MINUTE = 60_000;
const lines = (name: number, recipient = BOB, blob = idOf(name), bytes = 100) =>
  linesOf({ recipient, records: [mail(name, { bytes }).record] }, blob);
const targets = (line: Parameters<typeof targetsOf>[0] | undefined) =>
  line === undefined ? [] : targetsOf(line).map(({ member, blob }) => [hex(member), hex(blob)]);

describe('the sent log', () => {
  it('draws a whole number of milliseconds within its bounds, anew for each blob', () => {
    const dues = new Set<number>();
    for (let i = 0; i < 200; i++) {
      const due = logDue(NOW, [5, 30]);
      expect(Number.isInteger(due)).toBe(true);
      expect(due).toBeGreaterThanOrEqual(NOW + 5 * MINUTE);
      expect(due).toBeLessThanOrEqual(NOW + 30 * MINUTE);
      dues.add(due);
    }
    expect(dues.size).toBeGreaterThan(150);
    const [early, late] = [Math.min(...dues) - NOW, Math.max(...dues) - NOW];
    expect(early).toBeLessThan(10 * MINUTE);
    expect(late).toBeGreaterThan(25 * MINUTE);
  });

  it('has a line for each record of a letter: to whom, under which blob id, with which file key', () => {
    const file = randomBytes(32);
    const records = [mail(1).record, mail(2, { file }).record];
    const [first, second] = linesOf({ recipient: BOB, records }, idOf(9));
    expect([first?.hash, second?.hash]).toEqual([hashOf(1), hashOf(2)]);
    expect(first?.content).toEqual(records[0]?.content);
    expect([targets(first), targets(second)]).toEqual([[[BOB, idOf(9)]], [[BOB, idOf(9)]]]);
    expect([first, second].map((line) => line && targetsOf(line)[0]?.file)).toEqual([undefined, file]);
  });

  it('has one line for a record that went to several members, or to one in two blobs', () => {
    const both = withLines(lines(1, BOB, idOf(3)), [...lines(1, CAROL, idOf(4)), ...lines(2)]);
    expect(both?.map(({ hash }) => hash)).toEqual([hashOf(1), hashOf(2)]);
    expect(targets(both?.[0])).toEqual([
      [BOB, idOf(3)],
      [CAROL, idOf(4)],
    ]);
    const again = withLines(both ?? [], [...lines(1, BOB, idOf(5)), ...lines(1, BOB, idOf(3))]);
    expect(targets(again?.[0])).toEqual([
      [BOB, idOf(3)],
      [CAROL, idOf(4)],
      [BOB, idOf(5)],
    ]);
    expect(again).toHaveLength(2);
  });

  it('takes no line that does not fit the blob any more, and leaves what there is', () => {
    const half = Math.ceil(MAX_BODY_BYTES / 2);
    const first = lines(1, BOB, idOf(1), half);
    expect(withLines(first, lines(2, BOB, idOf(2), half))).toBeUndefined();
    expect(withLines(first, lines(2, BOB, idOf(2), half - 1_000))).toHaveLength(2);
    expect(first).toHaveLength(1);
  });
});
