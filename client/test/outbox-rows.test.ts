import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutboxStore } from '../src/storage/outbox-store.ts';
import { memoryOutboxStore } from '../src/storage/outbox-store.ts';
import { edge, failing, idOf, item, SELF } from './support/outbox-edge.ts';

/** Lets everything run that waits for no timer. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(0);
}
const MINUTE = 60_000;

function brokenStore(change: Partial<OutboxStore>): OutboxStore {
  return { ...memoryOutboxStore(), ...change };
}
const refuse = async () => {
  throw new Error('the disk is full');
};

describe('rows of the outbox', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('survive a reload as they are, and leave in their order', async () => {
    const { outbox, store } = edge();
    await outbox.add([item(3), item(1)]);
    await outbox.add([item(2)]);
    const before = outbox.items;
    outbox.stop();
    const { outbox: reloaded, relay } = edge({ store });
    expect(await reloaded.load()).toEqual(before);
    await reloaded.add([item(4)]);
    reloaded.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([3, 1, 2, 4]);
  });

  it('are sent again when the page died between the upload and the removal: the same bytes', async () => {
    const frames: Uint8Array[] = [];
    const { outbox, store } = edge({
      parts: {
        upload: async (_, frame) => {
          frames.push(frame);
          outbox.stop();
        },
      },
    });
    await outbox.add([item(1)]);
    outbox.setOnline(true);
    await settle();
    expect(await store.keys()).toHaveLength(1);
    const { outbox: reloaded, relay } = edge({ store, upload: () => {} });
    const [row] = await reloaded.load();
    expect(row?.frame).toEqual(frames[0]);
    reloaded.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([1]);
    expect(await store.keys()).toEqual([]);
  });

  it('that another page has sent are not sent again', async () => {
    const { outbox, store } = edge();
    await outbox.add([item(1), item(2)]);
    const other = edge({ store });
    await other.outbox.load();
    await store.apply({ remove: [idOf(1)] });
    other.outbox.setOnline(true);
    await settle();
    expect(other.relay.stored).toEqual([2]);
    expect(other.outbox.items).toEqual([]);
  });

  it('that nobody can read are left alone', async () => {
    const store = memoryOutboxStore();
    await store.apply({ put: [{ key: 'foreign', sealed: new Uint8Array(9) }] });
    const { outbox, relay } = edge({ store });
    await outbox.add([item(1)]);
    const { outbox: reloaded } = edge({ store });
    expect((await reloaded.load()).map(({ id }) => id)).toEqual([idOf(1)]);
    expect(await store.keys()).toEqual(['foreign', idOf(1)]);
    expect(relay.told.storage).toBe(0);
  });

  it('replace others in one step', async () => {
    const { outbox, relay, store } = edge();
    const apply = vi.spyOn(store, 'apply');
    await outbox.add([item(1), item(2)]);
    await outbox.add([item(3)], [idOf(1), idOf(2)]);
    expect(apply).toHaveBeenCalledTimes(2);
    expect(await store.keys()).toEqual([idOf(3)]);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([3]);
  });

  it.each<[string, Partial<OutboxStore>]>([
    ['written', { apply: refuse }],
    ['read', { keys: refuse }],
  ])('that cannot be %s are told of, and nothing is lost while the page lives', async (_, change) => {
    const { outbox, relay } = edge({ store: brokenStore(change) });
    await outbox.load();
    await outbox.add([item(1), item(2), item(3)]);
    expect(relay.told.storage).toBe(1);
    expect(outbox.items).toHaveLength(3);
    outbox.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([1, 2, 3]);
    expect(outbox.items).toEqual([]);
  });

  it('whose presence cannot be asked are sent: twice does no harm', async () => {
    const { outbox, store } = edge();
    await outbox.add([item(1)]);
    const reloaded = edge({ store });
    await reloaded.outbox.load();
    vi.spyOn(store, 'get').mockImplementation(refuse);
    reloaded.outbox.setOnline(true);
    await settle();
    expect(reloaded.relay.stored).toEqual([1]);
  });
});

describe('the sent log in the outbox', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const log = (name: number, due: number) => item(name, { purpose: 'log', recipient: SELF, record: '', due });

  it('leaves when it is due, not before, and says so before it does', async () => {
    const { outbox, relay } = edge();
    outbox.setOnline(true);
    await outbox.add([item(1), log(2, relay.now + 20 * MINUTE)]);
    await vi.advanceTimersByTimeAsync(19 * MINUTE);
    relay.now += 19 * MINUTE;
    expect([relay.stored, relay.told.leaving]).toEqual([[1], [idOf(1)]]);
    relay.now += MINUTE;
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect([relay.stored, relay.told.leaving]).toEqual([
      [1, 2],
      [idOf(1), idOf(2)],
    ]);
  });

  it('has a ticket of its own', async () => {
    const { outbox, relay } = edge();
    await outbox.add([item(1, { recipient: SELF }), log(2, relay.now)]);
    outbox.setOnline(true);
    await settle();
    expect(relay.tickets).toEqual([SELF, SELF]);
    expect(relay.under).toEqual([0, 1]);
  });

  it('waits, when it is due, for the messages it tells of', async () => {
    let isBobAway = true;
    const { outbox, relay } = edge({
      upload: (name) => (name === 1 && isBobAway ? failing('mailbox_full')() : undefined),
      parts: { holds: () => outbox.items.some(({ id }) => id === idOf(1)) },
    });
    outbox.setOnline(true);
    await outbox.add([item(1), log(2, relay.now)]);
    await settle();
    expect(relay.stored).toEqual([]);
    isBobAway = false;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(relay.stored).toEqual([1, 2]);
  });

  it('is told of when the relay refuses it', async () => {
    const { outbox, relay } = edge({ upload: failing('blob_conflict') });
    await outbox.add([log(2, relay.now)]);
    outbox.setOnline(true);
    await settle();
    expect(relay.told.refused).toEqual(['02 blob_conflict']);
  });
});
