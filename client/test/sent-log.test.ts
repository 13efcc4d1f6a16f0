import { MAX_BODY_BYTES, randomBytes } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import type { LogChange, LogLine } from '../src/state/sent-log.ts';
import { SentLog } from '../src/state/sent-log.ts';
import { idOf, SELF } from './support/outbox-edge.ts';
import { NOW } from './support/records.ts';

const MINUTE = 60_000;

function makeLog(delay: readonly [number, number] = [5, 30], beforeSeal = (_count: number) => {}) {
  const sealed = new Map<string, string[]>();
  const log = new SentLog(async (records) => {
    const id = idOf(sealed.size + 1);
    sealed.set(
      id,
      records.map(({ content }) => Buffer.from(content).toString('utf8', 0, 8).trim()),
    );
    beforeSeal(sealed.size);
    return { id, recipient: SELF, frame: new Uint8Array() };
  }, delay);
  return { log, sealed };
}

function line(name: string, bytes = 100, to = 1): LogLine {
  const content = Buffer.alloc(bytes, 1);
  content.write(name.padEnd(8));
  const members = Array.from({ length: to }, () => ({ member: randomBytes(32), blob: randomBytes(16) }));
  return { hash: name, content: new Uint8Array(content), private: { to: members } };
}

const idIn = (change: LogChange) => change.blob?.parcel.id ?? '';

describe('the sent log', () => {
  it('draws a whole number of milliseconds within its bounds, anew for each blob', async () => {
    const dues = new Set<number>();
    for (let i = 0; i < 200; i++) {
      const due = (await makeLog().log.add(line('a'), NOW)).blob?.due ?? 0;
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

  it('collects records in one blob, due from the first of them', async () => {
    const { log, sealed } = makeLog();
    const first = await log.add(line('a'), NOW);
    const second = await log.add(line('b'), NOW + MINUTE);
    const third = await log.add(line('c'), NOW + 2 * MINUTE);
    expect(first.replaces).toEqual([]);
    expect(second.replaces).toEqual([idIn(first)]);
    expect(third.replaces).toEqual([idIn(second)]);
    expect(third.blob?.due).toBe(first.blob?.due);
    expect(sealed.get(idIn(third))).toEqual(['a', 'b', 'c']);
    expect(log.recordsOf(idIn(third))).toEqual(['a', 'b', 'c']);
    expect(log.recordsOf(idIn(second))).toEqual([]);
  });

  it('begins another blob when the first has begun to leave, or is due', async () => {
    const { log, sealed } = makeLog();
    const first = await log.add(line('a'), NOW);
    log.leaving(idIn(first));
    const second = await log.add(line('b'), NOW);
    expect(second.replaces).toEqual([]);
    expect(sealed.get(idIn(second))).toEqual(['b']);
    const due = second.blob?.due ?? 0;
    const third = await log.add(line('c'), due);
    expect(third.replaces).toEqual([]);
    expect(sealed.get(idIn(third))).toEqual(['c']);
    expect(third.blob?.due).toBeGreaterThanOrEqual(due + 5 * MINUTE);
  });

  it('begins another blob, with a delay of its own, when the first leaves while it is sealed again', async () => {
    const { log, sealed } = makeLog([5, 30], (count) => {
      if (count === 2) log.leaving(idOf(1));
    });
    await log.add(line('a'), NOW);
    const second = await log.add(line('b'), NOW + 3 * MINUTE);
    expect(second.replaces).toEqual([]);
    expect(sealed.get(idIn(second))).toEqual(['b']);
    expect(second.blob?.due).toBeGreaterThanOrEqual(NOW + 8 * MINUTE);
  });

  it('begins another blob when a record does not fit, and leaves the first as it is', async () => {
    const { log, sealed } = makeLog();
    const half = Math.ceil(MAX_BODY_BYTES / 2);
    const first = await log.add(line('a', half), NOW);
    const second = await log.add(line('b', half), NOW);
    expect(second.replaces).toEqual([]);
    expect(sealed.get(idIn(second))).toEqual(['b']);
    const third = await log.add(line('c'), NOW);
    expect(third.replaces).toEqual([idIn(second)]);
    expect(log.recordsOf(idIn(first))).toEqual(['a']);
  });

  it('has one line for a record that is sealed again', async () => {
    const { log, sealed } = makeLog();
    await log.add(line('a'), NOW);
    await log.add(line('b'), NOW);
    expect(sealed.get(idIn(await log.add(line('a'), NOW)))).toEqual(['b', 'a']);
  });

  it('takes a record out of whatever still waits, also of what an earlier page left', async () => {
    const { log, sealed } = makeLog();
    log.restore(idOf(0x70), [line('a'), line('b')], NOW + MINUTE);
    log.restore(idOf(0x71), [line('a')], NOW + MINUTE);
    await log.add(line('c'), NOW);
    const own = await log.add(line('a'), NOW);
    const changes = await log.drop('a');
    expect(changes.map(({ replaces }) => replaces)).toEqual([[idOf(0x70)], [idOf(0x71)], [idIn(own)]]);
    const left = changes.map((change) => sealed.get(idIn(change)));
    expect(left).toEqual([['b'], undefined, ['c']]);
    expect(changes[0]?.blob?.due).toBe(NOW + MINUTE);
    expect(await log.drop('a')).toEqual([]);
    const next = await log.add(line('d'), NOW);
    expect(sealed.get(idIn(next))).toEqual(['c', 'd']);
  });

  it('does not take out what has begun to leave', async () => {
    const { log } = makeLog();
    log.leaving(idIn(await log.add(line('a'), NOW)));
    expect(await log.drop('a')).toEqual([]);
  });
});
