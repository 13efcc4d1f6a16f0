import { RelayError } from '@relay/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryLocalStore } from '../src/storage/local-store.ts';
import type { FakeBlob } from './support/outbox-edge.ts';
import { BOB, CAROL, chunk, edge, fakeRelay, hashOf, mail, SELF } from './support/outbox-edge.ts';
import { NOW } from './support/records.ts';

const MINUTE = 60_000;
const MEMBERS = [BOB, CAROL, SELF] as const;
/** How the relay behaves: answers; is away; takes a blob, and its answer is lost; wants no more for now; refuses for good. */
const MOODS = ['well', 'away', 'deaf', 'busy', 'strict'] as const;

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('post' as const),
        to: fc.uniqueArray(fc.constantFrom(...MEMBERS), { minLength: 1 }),
        bytes: fc.constantFrom(100, 300, 40_000),
        wait: fc.constantFrom(0, 0, 1_500),
        chunks: fc.constantFrom(0, 0, 2),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('mood' as const), mood: fc.constantFrom(...MOODS) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('online' as const), is: fc.boolean() }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 8 * MINUTE }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), is: fc.boolean() }) },
  ),
  { minLength: 5, maxLength: 30 },
);

/** Carries out steps; then everything goes well for an hour, and what was refused is tried again. */
async function run(list: typeof steps extends fc.Arbitrary<infer T> ? T : never) {
  const relay = fakeRelay(3);
  const store = memoryLocalStore();
  let mood: (typeof MOODS)[number] = 'well';
  const before = () => {
    if (mood === 'away') throw new RelayError('relay_unreachable');
    if (mood === 'busy') throw new RelayError('rate_limited', undefined, { retryAfter: 60 });
    if (mood === 'strict') throw new RelayError('recipient_unknown');
  };
  const after = () => {
    if (mood === 'deaf') throw new RelayError('relay_unreachable');
  };
  const open = () => edge({ store, relay, before, after }).outbox;
  let outbox = open();
  const posted: { name: number; member: string; chunks: number[] }[] = [];
  let names = 0;
  for (const step of list) {
    if (step.do === 'mood') mood = step.mood;
    if (step.do === 'online') outbox.setOnline(step.is);
    if (step.do === 'hold') outbox.setHeld(step.is);
    if (step.do === 'pass') await vi.advanceTimersByTimeAsync(step.ms);
    if (step.do === 'reload') {
      outbox.stop();
      outbox = open();
      await outbox.load();
      outbox.setOnline(true);
    }
    if (step.do === 'post') {
      const name = ++names;
      const mails = step.to.map((member, i) => {
        const ids = Array.from({ length: step.chunks }, (_, at) => 100 + name * 6 + i * 2 + at);
        posted.push({ name, member, chunks: ids });
        const { bytes, wait } = step;
        const parcels = ids.map((id) => chunk(id % 256, member));
        return mail(name, { recipient: member, bytes, due: Date.now() + wait, chunks: parcels });
      });
      await outbox.post(mails);
    }
  }
  mood = 'well';
  outbox.setHeld(false);
  outbox.setOnline(true);
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  for (const { failed, records } of outbox.letters)
    if (failed !== undefined) for (const { hash } of records) await outbox.retry(hash);
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  outbox.stop();
  return { relay, store, outbox, posted };
}

/** Where a blob with that record is among all that arrived. */
const placeOf = (blobs: readonly FakeBlob[], kind: FakeBlob['kind'], member: string, name: number) =>
  blobs.findIndex((blob) => blob.kind === kind && blob.recipient === member && blob.names.includes(name));

describe('the outbox, whatever happens', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('brings every record to every recipient and into the sent log, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const { relay, store, outbox, posted } = await run(list);
        const { blobs } = relay;
        for (const { name, member, chunks } of posted) {
          const place = placeOf(blobs, 'message', member, name);
          expect(place, `record ${name}`).toBeGreaterThanOrEqual(0);
          for (const id of chunks) {
            const before = placeOf(blobs, 'chunk', member, id % 256);
            expect(before, `chunk ${id}`).toBeGreaterThanOrEqual(0);
            expect(before).toBeLessThan(place);
          }
          if (member === SELF) continue;
          const ids = blobs.filter((_, i) => blobs[i]?.names.includes(name)).map(({ id }) => id);
          const lines = relay
            .of('sentLog')
            .flatMap((log) => log.to.filter((_, i) => log.names[i] === name))
            .flat();
          const told = lines.filter(([to]) => to === member).map(([, blob]) => blob);
          expect(told.length, `line of ${name}`).toBeGreaterThan(0);
          for (const blob of told) expect(ids).toContain(blob);
        }
        expect([relay.conflicts, relay.overdrawn]).toEqual([0, 0]);
        expect([outbox.letters, await store.keys(), await store.frameKeys()]).toEqual([[], [], []]);
      }),
      { numRuns: 120 },
    );
  }, 120_000);

  it('brings nothing twice, unless it was tried again after a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const isGentle = list.every((step) => step.do !== 'mood' || step.mood !== 'strict');
        fc.pre(isGentle);
        const { relay, posted } = await run(list);
        for (const { name, member } of posted) {
          const copies = relay.of('message', member).filter(({ names }) => names.includes(name));
          expect(copies, `record ${name}`).toHaveLength(1);
        }
      }),
      { numRuns: 80 },
    );
  }, 120_000);

  it('discards what was refused for good, and that alone', async () => {
    const { outbox, relay } = edge({
      before: ({ recipient }) => {
        if (recipient === CAROL) throw new RelayError('recipient_unknown');
      },
    });
    outbox.setOnline(true);
    await outbox.post([mail(1), mail(1, { recipient: CAROL })]);
    await vi.advanceTimersByTimeAsync(0);
    await outbox.discard(hashOf(1));
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(outbox.letters).toEqual([]);
    expect(relay.of('sentLog')[0]?.to).toEqual([[[BOB, relay.of('message', BOB)[0]?.id]]]);
  });
});
