import { RelayError } from '@relay/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeBlob } from './support/outbox-edge.ts';
import { BOB, big, CAROL, chunk, edge, failing, hashOf, mail, namesIn } from './support/outbox-edge.ts';
import { HOUR, NOW } from './support/records.ts';

/** Lets everything run that waits for no timer. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(0);
}
const seconds = (n: number) => vi.advanceTimersByTimeAsync(n * 1_000);
const has = ({ names }: FakeBlob, name: number) => names.includes(name);

describe('the outbox', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tries nothing while the relay is away, and sends everything when it is back', async () => {
    const { outbox, relay, store } = edge();
    await outbox.post([big(1), big(2)]);
    await seconds(100);
    expect([relay.attempts, relay.tickets.length]).toEqual([0, 0]);
    expect(await store.keys()).toHaveLength(2);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([1, 2]);
    expect(namesIn(outbox.letters)).toEqual([]);
    expect((await store.keys()).toSorted()).toEqual(outbox.letters.map(({ key }) => key).toSorted());
  });

  it('stops trying when the relay goes away in the middle', async () => {
    const { outbox, relay } = edge({ before: () => outbox.setOnline(false) });
    await outbox.post([big(1), big(2), big(3)]);
    outbox.setOnline(true);
    await seconds(100);
    expect(relay.stored).toEqual([1]);
    expect(namesIn(outbox.letters)).toEqual([[2], [3]]);
  });

  it('holds everything back while a newer roster is missing, also in the middle, and lets it go', async () => {
    const { outbox, relay } = edge({ before: () => outbox.setHeld(true) });
    outbox.setHeld(true);
    outbox.setOnline(true);
    await outbox.post([big(1), big(2)]);
    await seconds(100);
    expect([relay.attempts, relay.tickets.length]).toEqual([0, 0]);
    outbox.setHeld(false);
    await settle();
    expect(relay.stored).toEqual([1]);
    outbox.setHeld(false);
    await settle();
    expect(relay.stored).toEqual([1, 2]);
  });

  it('sends what comes to be due while something else is sent, too', async () => {
    const { outbox, relay } = edge({ before: () => void vi.setSystemTime(Date.now() + 1_000) });
    outbox.setOnline(true);
    await outbox.post([big(1), big(2, { recipient: CAROL, due: NOW + 500 })]);
    await seconds(2);
    expect(relay.stored).toEqual([1, 2]);
  });

  it('keeps the order for each recipient, across faults, and lets nobody wait for another', async () => {
    let bobIsSlow = true;
    const { outbox, relay } = edge({
      before: ({ recipient }) => {
        if (recipient === BOB && bobIsSlow) throw new RelayError('rate_limited');
      },
    });
    outbox.setOnline(true);
    await outbox.post([big(1), big(11, { recipient: CAROL }), big(2)]);
    await outbox.post([big(12, { recipient: CAROL }), big(3)]);
    await settle();
    expect(relay.stored).toEqual([11, 12]);
    const [first, second] = outbox.letters;
    expect(outbox.delayOf(first?.key ?? '')).toBe('rate_limited');
    expect(outbox.delayOf(second?.key ?? '')).toBeUndefined();
    bobIsSlow = false;
    await seconds(31);
    expect(relay.stored.slice(2)).toEqual([1, 2, 3]);
    expect(outbox.delayOf(first?.key ?? '')).toBeUndefined();
  });

  it('uses a ticket for as many blobs as it carries, and one for each recipient', async () => {
    const { outbox, relay } = edge();
    relay.ticketBlobs = 2;
    await outbox.post([1, 2, 3, 4, 5].map((name) => big(name)));
    await outbox.post([big(11, { recipient: CAROL })]);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored.filter((name) => name < 10)).toEqual([1, 2, 3, 4, 5]);
    expect(relay.tickets.filter((recipient) => recipient === BOB)).toHaveLength(3);
    expect(relay.tickets.filter((recipient) => recipient === CAROL)).toHaveLength(1);
    expect([Math.min(...relay.left), relay.overdrawn]).toEqual([0, 0]);
  });

  it('buys a new ticket when the one at hand has expired', async () => {
    const { outbox, relay } = edge({
      before: (_, attempt) => {
        if (attempt === 2) throw new RelayError('ticket_invalid');
      },
    });
    await outbox.post([big(1), big(2), big(3)]);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([1, 2, 3]);
    expect(relay.under).toEqual([0, 1, 1]);
  });

  it('tries again half a minute after a fault that may pass, also while the sent log waits for later', async () => {
    const { outbox, relay } = edge({
      before: (_, attempt) => {
        if (attempt === 2) throw new RelayError('internal');
      },
    });
    outbox.setOnline(true);
    await outbox.post([mail(9)]);
    await settle();
    expect(outbox.letters.map(({ purpose }) => purpose)).toEqual(['log']);
    await outbox.post([mail(1)]);
    await seconds(29);
    expect(relay.attempts).toBe(2);
    await seconds(2);
    expect(relay.stored).toEqual([9, 1]);
  });

  it('waits as long as the relay asks', async () => {
    let attempts = 0;
    const { outbox } = edge({
      buyTicket: () => {
        attempts++;
        failing('rate_limited', 120)();
      },
    });
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await seconds(119);
    expect(attempts).toBe(1);
    await seconds(2);
    expect(attempts).toBe(2);
  });

  it.each(['recipient_unknown', 'blob_conflict', 'bad_request', 'payload_too_large'] as const)(
    'keeps what the relay refuses with %s, with its chunks, and goes on with the next',
    async (code) => {
      const { outbox, relay, store } = edge({
        before: (blob) => (has(blob, 7) ? failing(code)() : undefined),
      });
      await outbox.post([big(1, { chunks: [chunk(7), chunk(8)] }), big(2)]);
      outbox.setOnline(true);
      await seconds(3_600);
      expect(namesIn(outbox.letters)).toEqual([[1]]);
      expect(outbox.letters[0]?.failed).toBe(code);
      expect([relay.stored, relay.of('chunk')]).toEqual([[2], []]);
      expect(await store.frameKeys()).toHaveLength(2);

      const { outbox: reloaded } = edge({ store });
      await reloaded.load();
      expect(reloaded.letters.filter(({ failed }) => failed === code)).toHaveLength(1);
    },
  );

  it('sends the chunks of a message before it, and then forgets them', async () => {
    const { outbox, relay, store } = edge();
    await outbox.post([mail(1, { chunks: [chunk(7), chunk(8)] })]);
    expect(await outbox.frame(chunk(7).id)).toEqual(chunk(7).frame);
    outbox.setOnline(true);
    await settle();
    expect(relay.blobs.map(({ names }) => names)).toEqual([[7], [8], [1]]);
    expect(await store.frameKeys()).toEqual([]);
  });

  it('fails what is older than a day, also when it was sealed already, but neither the sent log nor what was written since', async () => {
    const { outbox, relay } = edge({
      before: ({ kind }, attempt) =>
        attempt === 2 && kind === 'message' ? failing('internal')() : undefined,
    });
    outbox.setOnline(true);
    await outbox.post([mail(9)]);
    await settle();
    await outbox.post([mail(1)]);
    await settle();
    outbox.setOnline(false);
    expect(outbox.letters.filter(({ sealed }) => sealed !== undefined)).toHaveLength(1);
    await seconds(1);
    await outbox.post([mail(2)]);
    await seconds(24 * 3_600 - 1);
    await outbox.post([mail(3)]);
    await seconds(2);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([9, 3]);
    expect(relay.of('sentLog').map(({ names }) => names)).toEqual([[9]]);
    const failed = outbox.letters.filter(({ failed }) => failed === 'record_time');
    expect(namesIn(failed)).toEqual([[1], [2]]);
  });

  it('sends what is added while it sends', async () => {
    const { outbox, relay } = edge({
      before: async (blob) => (has(blob, 1) ? outbox.post([mail(2)]) : undefined),
    });
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await settle();
    expect(relay.of('message').map(({ names }) => names)).toEqual([[1], [2]]);
  });

  it('tries failed letters of one record again, sealed anew, and no others', async () => {
    const refused: string[] = [];
    const { outbox, relay } = edge({
      before: ({ id, recipient }) => {
        if (recipient === CAROL || refused.length > 1) return;
        refused.push(id);
        failing('blob_conflict')();
      },
    });
    outbox.setOnline(true);
    await outbox.post([big(1), big(1, { recipient: CAROL })]);
    await settle();
    await outbox.post([big(2)]);
    await settle();
    expect(namesIn(outbox.letters)).toEqual([[1], [2]]);
    await outbox.retry(hashOf(1));
    await settle();
    expect(relay.stored).toEqual([1, 1]);
    expect(refused).not.toContain(relay.of('message', BOB)[0]?.id);
    expect(namesIn(outbox.letters)).toEqual([[2]]);
    expect(outbox.letters[0]?.failed ?? outbox.letters[1]?.failed).toBe('blob_conflict');
  });

  it('discards one record of what failed, with its chunks, and keeps the others that were with it', async () => {
    const { outbox, relay, store } = edge({
      before: (blob, attempt) =>
        attempt <= 2 ? failing('recipient_unknown')() : expect(blob.names).toEqual([2]),
    });
    await outbox.post([mail(1)]);
    await outbox.post([mail(2)]);
    await outbox.post([mail(3, { chunks: [chunk(7)] })]);
    outbox.setOnline(true);
    await settle();
    for (const name of [1, 3]) await outbox.discard(hashOf(name));
    expect(namesIn(outbox.letters)).toEqual([[2]]);
    expect([(await store.keys()).length, await store.frameKeys()]).toEqual([1, []]);
    await outbox.retry(hashOf(2));
    await settle();
    expect(relay.stored).toEqual([2]);
  });

  it('discards nothing that has not failed', async () => {
    const { outbox } = edge();
    await outbox.post([mail(1)]);
    await outbox.discard(hashOf(1));
    await outbox.retry(hashOf(1));
    expect(namesIn(outbox.letters)).toEqual([[1]]);
  });

  it('leaves no timer behind when it stops, whatever is under way', async () => {
    let release = () => {};
    const { outbox, relay } = edge({
      before: (blob) =>
        has(blob, 1)
          ? new Promise((_, reject) => {
              release = () => reject(new RelayError('relay_unreachable'));
            })
          : undefined,
    });
    outbox.setOnline(true);
    await outbox.post([mail(9)]);
    await settle();
    await outbox.post([mail(1), mail(2, { due: NOW + 9 * HOUR })]);
    await settle();
    outbox.stop();
    release();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    outbox.flush();
    expect([vi.getTimerCount(), relay.stored]).toEqual([0, [9]]);
  });
});
