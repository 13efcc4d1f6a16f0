import { RelayError } from '@relay/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BOB, CAROL, edge, failing, idOf, item, SELF } from './support/outbox-edge.ts';
import { HOUR, NOW } from './support/records.ts';

/** Lets everything run that waits for no timer. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(0);
}
const seconds = (n: number) => vi.advanceTimersByTimeAsync(n * 1_000);

describe('the outbox', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tries nothing while the relay is away, and sends everything when it is back', async () => {
    const { outbox, relay, store } = edge();
    await outbox.add([item(1), item(2)]);
    await seconds(100);
    expect([relay.attempts, relay.tickets.length]).toEqual([0, 0]);
    expect(await store.keys()).toHaveLength(2);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([1, 2]);
    expect([outbox.items, await store.keys()]).toEqual([[], []]);
  });

  it('stops trying when the relay goes away in the middle', async () => {
    const { outbox, relay } = edge({ upload: () => outbox.setOnline(false) });
    await outbox.add([item(1), item(2), item(3)]);
    outbox.setOnline(true);
    await seconds(100);
    expect(relay.stored).toEqual([1]);
    expect(outbox.items.map(({ id }) => id)).toEqual([idOf(2), idOf(3)]);
  });

  it('keeps the order for each recipient, across faults, and lets nobody wait for another', async () => {
    let bobIsSlow = true;
    const { outbox, relay } = edge({
      upload: (name) => {
        if (name < 10 && bobIsSlow) throw new RelayError('rate_limited');
      },
    });
    outbox.setOnline(true);
    await outbox.add([item(1), item(11, { recipient: CAROL }), item(2)]);
    await outbox.add([item(12, { recipient: CAROL }), item(3)]);
    await settle();
    expect(relay.stored).toEqual([11, 12]);
    expect(outbox.delayOf(idOf(1))).toBe('rate_limited');
    expect(outbox.delayOf(idOf(2))).toBeUndefined();
    bobIsSlow = false;
    await seconds(31);
    expect(relay.stored.slice(2)).toEqual([1, 2, 3]);
    expect(outbox.delayOf(idOf(1))).toBeUndefined();
  });

  it('uses a ticket for as many blobs as it carries, and one for each recipient', async () => {
    const { outbox, relay } = edge({ ticketBlobs: 2 });
    await outbox.add([1, 2, 3, 4, 5].map((name) => item(name)));
    await outbox.add([item(11, { recipient: CAROL })]);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored.filter((name) => name < 10)).toEqual([1, 2, 3, 4, 5]);
    expect(relay.tickets.filter((recipient) => recipient === BOB)).toHaveLength(3);
    expect(relay.tickets.filter((recipient) => recipient === CAROL)).toHaveLength(1);
    expect([Math.min(...relay.left), relay.overdrawn]).toEqual([0, 0]);
  });

  it('buys a new ticket when the one at hand has expired', async () => {
    const { outbox, relay } = edge({
      upload: (_, attempt) => {
        if (attempt === 2) throw new RelayError('ticket_invalid');
      },
    });
    await outbox.add([item(1), item(2), item(3)]);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([1, 2, 3]);
    expect(relay.under).toEqual([0, 1, 1]);
  });

  it('tries again half a minute after a fault that may pass, also while the sent log waits for later', async () => {
    const { outbox, relay } = edge({
      upload: (_, attempt) => {
        if (attempt === 1) throw new RelayError('internal');
      },
    });
    outbox.setOnline(true);
    await outbox.add([
      item(1),
      item(2, { purpose: 'log', recipient: SELF, record: '', due: relay.now + 20 * 60_000 }),
    ]);
    await seconds(29);
    expect(relay.attempts).toBe(1);
    await seconds(2);
    expect(relay.stored).toEqual([1]);
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
    await outbox.add([item(1)]);
    await seconds(119);
    expect(attempts).toBe(1);
    await seconds(2);
    expect(attempts).toBe(2);
  });

  it.each(['recipient_unknown', 'blob_conflict', 'bad_request', 'payload_too_large'] as const)(
    'keeps what the relay refuses with %s, with all its parts, and goes on with the next',
    async (code) => {
      const { outbox, relay, store } = edge({ upload: (name) => (name === 1 ? failing(code)() : undefined) });
      const record = idOf(0xaa, 32);
      const parts = [
        item(1, { purpose: 'part', record }),
        item(2, { purpose: 'part', record }),
        item(3, { record }),
      ];
      await outbox.add([...parts, item(4)]);
      outbox.setOnline(true);
      await seconds(3_600);
      expect(outbox.items.map(({ id, failed }) => [id, failed])).toEqual(
        [1, 2, 3].map((name) => [idOf(name), code]),
      );
      expect(relay.attempts).toBe(2);
      expect(relay.stored).toEqual([4]);
      expect(relay.told.refused).toEqual([`01 ${code}`]);

      const { outbox: reloaded } = edge({ store });
      expect((await reloaded.load()).map(({ failed }) => failed)).toEqual([code, code, code]);
    },
  );

  it('fails what is older than a day, but for the sent log', async () => {
    const { outbox, relay } = edge();
    await outbox.add([item(1), item(2, { since: relay.now + 1_000 })]);
    await outbox.add([item(3, { purpose: 'log', recipient: SELF, record: '' })]);
    relay.now += 24 * HOUR + 1;
    outbox.setOnline(true);
    await settle();
    expect(outbox.items.map(({ id, failed }) => [id, failed])).toEqual([[idOf(1), 'record_time']]);
    expect(relay.stored).toEqual([2, 3]);
  });

  it('sends what is added while it sends', async () => {
    const { outbox, relay } = edge({
      upload: async (name) => (name === 1 ? outbox.add([item(2)]) : undefined),
    });
    outbox.setOnline(true);
    await outbox.add([item(1)]);
    await settle();
    expect(relay.stored).toEqual([1, 2]);
  });

  it('leaves no timer behind when it stops, whatever is under way', async () => {
    let release = () => {};
    const { outbox } = edge({
      upload: () => new Promise((_, reject) => (release = () => reject(new RelayError('relay_unreachable')))),
    });
    outbox.setOnline(true);
    await outbox.add([
      item(1),
      item(2, { purpose: 'log', recipient: SELF, record: '', due: NOW + 9 * HOUR }),
    ]);
    await settle();
    outbox.stop();
    release();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    outbox.flush();
    expect(vi.getTimerCount()).toBe(0);
  });
});
