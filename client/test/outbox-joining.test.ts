import { RelayError } from '@relay/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BOB, big, CAROL, chunk, edge, failing, hashOf, mail, namesIn, SELF } from './support/outbox-edge.ts';
import { HOUR, NOW } from './support/records.ts';

/** Lets everything run that waits for no timer. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(0);
}
const MINUTE = 60_000;
const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('records in the outbox', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('join a letter that waits for the same member, and no other', async () => {
    const { outbox, relay, store } = edge();
    await outbox.post([mail(1), mail(1, { recipient: CAROL })]);
    await outbox.post([mail(2), mail(3, { recipient: SELF })]);
    expect(await store.keys()).toHaveLength(3);
    outbox.setOnline(true);
    await settle();
    const seen = (recipient?: string) => relay.of('message', recipient).map(({ names }) => names);
    expect([seen(BOB), seen(CAROL), seen(SELF)]).toEqual([[[1, 2]], [[1]], [[3]]]);
  });

  it('wait for others no longer than they may, and leave at once with one that does not wait', async () => {
    const { outbox, relay } = edge();
    outbox.setOnline(true);
    await outbox.post([mail(1, { due: NOW + 1_500 })]);
    await passes(1_000);
    await outbox.post([mail(2, { due: Date.now() + 1_500 })]);
    expect(relay.attempts).toBe(0);
    await passes(500);
    expect(relay.of('message').map(({ names }) => names)).toEqual([[1, 2]]);
    await outbox.post([mail(3, { due: Date.now() + 1_500 })]);
    await outbox.post([mail(4)]);
    await settle();
    expect(relay.of('message').map(({ names }) => names)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('join nothing that is sealed, that failed, that has chunks, that is full, or that an earlier page left', async () => {
    let fault: 'relay_unreachable' | 'blob_conflict' = 'relay_unreachable';
    const { outbox, store } = edge({
      before: () => {
        throw new RelayError(fault);
      },
    });
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await settle();
    fault = 'blob_conflict';
    await outbox.post([mail(2)]);
    await settle();
    expect(outbox.letters.map(({ failed }) => failed)).toEqual(['blob_conflict', 'blob_conflict']);
    outbox.setOnline(false);
    await outbox.post([mail(3, { chunks: [chunk(7)] })]);
    await outbox.post([mail(4)]);
    await outbox.post([mail(5, { chunks: [chunk(8)] })]);
    await outbox.post([mail(6, { bytes: 64_250 })]);
    expect(namesIn(outbox.letters)).toEqual([[1], [2], [3], [4], [5], [6]]);
    outbox.stop();
    const { outbox: reloaded } = edge({ store });
    await reloaded.load();
    await reloaded.post([mail(9)]);
    expect(namesIn(reloaded.letters)).toEqual([[1], [2], [3], [4], [5], [6], [9]]);
  });

  it('join no letter that is being sealed', async () => {
    const { outbox, relay } = edge({
      parts: {
        seal: async (recipient, _kind, records) => {
          if (relay.attempts === 0 && records.length === 1) await outbox.post([mail(2)]);
          return { ...chunk(records[0]?.content[0] as number, recipient), recipient };
        },
      },
    });
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await settle();
    expect(relay.blobs.map(({ names }) => names)).toEqual([[1], [2]]);
  });

  it('join no letter that was begun long before: it would be too old as a whole', async () => {
    const { outbox } = edge();
    await outbox.post([mail(1)]);
    await passes(HOUR);
    await outbox.post([mail(2)]);
    await passes(1);
    await outbox.post([mail(3)]);
    expect(namesIn(outbox.letters)).toEqual([[1, 2], [3]]);
  });

  it('are in a letter once, however often they are posted', async () => {
    const { outbox } = edge();
    await outbox.post([mail(1), mail(2)]);
    await outbox.post([mail(1)]);
    expect(namesIn(outbox.letters)).toEqual([[1, 2]]);
  });

  it('of a group reach every member but the one that the relay refuses, and tell so', async () => {
    const { outbox, relay, told } = edge({
      before: ({ recipient }) => (recipient === CAROL ? failing('recipient_unknown')() : undefined),
    });
    outbox.setOnline(true);
    await outbox.post([mail(1), mail(1, { recipient: CAROL })]);
    await settle();
    expect(relay.of('message').map(({ recipient }) => recipient)).toEqual([BOB]);
    const left = outbox.letters.filter(({ purpose }) => purpose === 'message');
    expect(left.map(({ recipient, failed }) => [recipient, failed])).toEqual([[CAROL, 'recipient_unknown']]);
    expect(told.acknowledged.map(([names]) => names)).toEqual([[1]]);
  });
});

describe('the sent log in the outbox', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gets its line in the same step of the store in which the letter leaves, and not before', async () => {
    const { outbox, store } = edge();
    const steps: string[][] = [];
    const { apply } = store;
    vi.spyOn(store, 'apply').mockImplementation(async (change) => {
      await apply(change);
      const reader = edge({ store });
      steps.push(
        (await reader.outbox.load()).map(({ purpose, sealed }) => `${purpose} ${sealed ? 'sealed' : 'open'}`),
      );
    });
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await settle();
    expect(steps).toEqual([['message open'], ['message sealed'], ['log open']]);
  });

  it('tells to whom each record went, under which blob id and file key', async () => {
    const { outbox, relay } = edge();
    outbox.setOnline(true);
    const file = new Uint8Array(32).fill(4);
    await outbox.post([mail(1, { file }), mail(1, { recipient: CAROL })]);
    await settle();
    await passes(30 * MINUTE);
    const [log] = relay.of('sentLog', SELF);
    const ids = [BOB, CAROL].map((member) => [member, relay.of('message', member)[0]?.id]);
    expect(log?.names).toEqual([1]);
    expect(log?.to[0]?.toSorted()).toEqual(ids.toSorted());
  });

  it('leaves when it is due, between 5 and 30 minutes after the first record, with all that was sent till then', async () => {
    const { outbox, relay, told } = edge();
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await settle();
    const due = outbox.letters[0]?.due ?? 0;
    expect(due).toBeGreaterThanOrEqual(NOW + 5 * MINUTE);
    expect(due).toBeLessThanOrEqual(NOW + 30 * MINUTE);
    await passes(4 * MINUTE);
    await outbox.post([mail(2)]);
    await settle();
    await passes(due - Date.now() - 1);
    expect(relay.of('sentLog')).toEqual([]);
    await passes(1);
    expect(relay.of('sentLog').map(({ names }) => names)).toEqual([[1, 2]]);
    expect(outbox.letters).toEqual([]);
    expect(told.acknowledged.map(([names]) => names)).toEqual([[1], [2]]);
  });

  it('takes no line into a blob that is due, sealed, or of an earlier page', async () => {
    const isLogSlow = { now: false };
    const { outbox, store } = edge({
      before: ({ kind }) => (kind === 'sentLog' && isLogSlow.now ? failing('rate_limited')() : undefined),
      parts: { sentLogMinutes: [5, 5] },
    });
    const logs = (box = outbox) =>
      box.letters
        .filter(({ purpose }) => purpose === 'log')
        .map(({ records }) => records.map(({ content }) => content[0]));
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await settle();
    outbox.setOnline(false);
    await passes(5 * MINUTE);
    isLogSlow.now = true;
    await outbox.post([mail(2)]);
    outbox.setOnline(true);
    await settle();
    // The first was due when the second was acknowledged.
    expect(logs()).toEqual([[1], [2]]);
    await outbox.post([mail(3)]);
    await settle();
    expect(logs()).toEqual([[1], [2, 3]]);
    outbox.stop();
    const { outbox: reloaded } = edge({ store });
    await reloaded.load();
    reloaded.setOnline(true);
    await reloaded.post([mail(4)]);
    await settle();
    expect(logs(reloaded)).toEqual([[2, 3], [4]]);
  });

  it('has a ticket of its own, and none for notes, which are in the own mailbox already', async () => {
    const { outbox, relay } = edge();
    outbox.setOnline(true);
    await outbox.post([mail(1, { recipient: SELF })]);
    await settle();
    expect(outbox.letters).toEqual([]);
    await outbox.post([mail(2)]);
    await settle();
    await passes(30 * MINUTE);
    expect(relay.tickets).toEqual([SELF, BOB, SELF]);
    expect(relay.under).toEqual([0, 1, 2]);
  });

  it('is told of when the relay refuses it', async () => {
    const { outbox, told } = edge({
      before: ({ kind }) => (kind === 'sentLog' ? failing('blob_conflict')() : undefined),
    });
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await settle();
    await passes(30 * MINUTE);
    expect(told.logRefused).toEqual(['blob_conflict']);
  });

  it('has room for every line of a letter full of little records', async () => {
    const { outbox, relay, told } = edge();
    await outbox.post(Array.from({ length: 125 }, (_, name) => mail(name, { bytes: 480 })));
    outbox.setOnline(true);
    await settle();
    await passes(30 * MINUTE);
    expect(relay.stored).toHaveLength(125);
    const logged = relay.of('sentLog').flatMap(({ names }) => names);
    expect(new Set(logged).size).toBe(125);
    expect([told.logRefused, outbox.letters]).toEqual([[], []]);
  });

  it('says of what was discarded nothing at all', async () => {
    const { outbox, relay } = edge({
      before: ({ names }) => (names.includes(1) ? failing('recipient_unknown')() : undefined),
    });
    outbox.setOnline(true);
    await outbox.post([big(1)]);
    await settle();
    await outbox.discard(hashOf(1));
    await outbox.post([big(2)]);
    await settle();
    await passes(30 * MINUTE);
    expect(relay.of('sentLog').map(({ names }) => names)).toEqual([[2]]);
  });
});
