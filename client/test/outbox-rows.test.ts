import { RelayError } from '@relay/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocalStore } from '../src/storage/local-store.ts';
import { memoryLocalStore } from '../src/storage/local-store.ts';
import type { FakeBlob } from './support/outbox-edge.ts';
import { big, chunk, edge, fakeRelay, idOf, mail, namesIn } from './support/outbox-edge.ts';
import { NOW } from './support/records.ts';

/** Lets everything run that waits for no timer. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(0);
}

function brokenStore(change: Partial<LocalStore>): LocalStore {
  return { ...memoryLocalStore(), ...change };
}
const refuse = async () => {
  throw new Error('the disk is full');
};

describe('rows of the outbox', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('survive a reload as they are, and leave in their order', async () => {
    const { outbox, store } = edge();
    await outbox.post([big(3), big(1)]);
    await outbox.post([big(2)]);
    const before = outbox.letters;
    outbox.stop();
    const { outbox: reloaded, relay } = edge({ store });
    expect(await reloaded.load()).toEqual(before);
    await reloaded.post([big(4)]);
    reloaded.setOnline(true);
    await settle();
    expect(relay.stored).toEqual([3, 1, 2, 4]);
  });

  it('that another page has sent are not sent again', async () => {
    const { outbox, store } = edge();
    await outbox.post([big(1), big(2)]);
    const other = edge({ store });
    await other.outbox.load();
    await store.apply({ remove: [outbox.letters[0]?.key ?? ''] });
    other.outbox.setOnline(true);
    await settle();
    expect(other.relay.stored).toEqual([2]);
    expect(namesIn(other.outbox.letters)).toEqual([]);
  });

  it('that another page sealed and could not send leave as that page sealed them', async () => {
    const { outbox, store } = edge({ before: () => Promise.reject(new RelayError('relay_unreachable')) });
    await outbox.post([mail(1)]);
    const other = edge({ store });
    await other.outbox.load();
    outbox.setOnline(true);
    await settle();
    outbox.stop();
    const [sealed] = outbox.letters;
    other.outbox.setOnline(true);
    await settle();
    expect(other.relay.of('message').map(({ id }) => id)).toEqual([sealed?.sealed?.id]);
  });

  it('that nobody can read, or that are of another sort, are left alone', async () => {
    const store = memoryLocalStore();
    const uploadRow = Uint8Array.of(2 ^ 0xa5, 9);
    await store.apply({
      put: [
        { key: 'foreign', bytes: new Uint8Array(9) },
        { key: 'upload', bytes: uploadRow },
      ],
    });
    const { outbox, told } = edge({ store });
    await outbox.post([mail(1)]);
    const { outbox: reloaded } = edge({ store });
    expect(namesIn(await reloaded.load())).toEqual([[1]]);
    expect((await store.keys()).toSorted()).toContain('foreign');
    expect(await store.get('upload')).toEqual(uploadRow);
    expect(told.storage).toBe(0);
  });

  it('go in one step with whatever they come in place of, and with their frames', async () => {
    const { outbox, store } = edge();
    await store.apply({ put: [{ key: 'upload', bytes: Uint8Array.of(1) }] });
    const apply = vi.spyOn(store, 'apply');
    await outbox.post([mail(1, { chunks: [chunk(7)] })], { remove: ['upload'] });
    expect(apply).toHaveBeenCalledOnce();
    expect(await store.keys()).toEqual([outbox.letters[0]?.key]);
    expect(await store.frameKeys()).toEqual([idOf(7)]);
  });

  it.each<[string, Partial<LocalStore>]>([
    ['written', { apply: refuse }],
    ['read', { keys: refuse }],
  ])('that cannot be %s are told of, and nothing is lost while the page lives', async (_, change) => {
    const { outbox, relay, told } = edge({ store: brokenStore(change) });
    await outbox.load();
    await outbox.post([big(1, { chunks: [chunk(7), chunk(8)] }), big(2), big(3)]);
    expect(told.storage).toBe(1);
    expect(namesIn(outbox.letters)).toEqual([[1], [2], [3]]);
    expect(await outbox.frame(idOf(7))).toEqual(chunk(7).frame);
    outbox.setOnline(true);
    await settle();
    expect(relay.blobs.map(({ names }) => names)).toEqual([[7], [8], [1], [2], [3]]);
    expect(namesIn(outbox.letters)).toEqual([]);
    expect(await outbox.frame(idOf(7))).toBeUndefined();
  });

  it('whose presence cannot be asked are sent: twice does no harm', async () => {
    const { outbox, store } = edge();
    await outbox.post([mail(1)]);
    const reloaded = edge({ store });
    await reloaded.outbox.load();
    vi.spyOn(store, 'get').mockImplementation(refuse);
    reloaded.outbox.setOnline(true);
    await settle();
    expect(reloaded.relay.stored).toEqual([1]);
  });

  it('are written in turn: a retry is not undone by a page that looks at what was there before', async () => {
    let isRefused = true;
    const first = edge({
      before: () => {
        if (isRefused) throw new RelayError('blob_conflict');
      },
    });
    first.outbox.setOnline(true);
    await first.outbox.post([mail(1)]);
    await settle();
    isRefused = false;
    const { outbox, relay } = edge({ store: first.store });
    await outbox.load();
    outbox.setOnline(true);
    await Promise.all([outbox.retry(mail(1).record.hash), outbox.post([mail(2)])]);
    await settle();
    expect(relay.stored.toSorted()).toEqual([1, 2]);
  });
});

/** Every moment between posting and acknowledgement at which a page can die: a step of the store that never came, or an answer of the relay. */
const moments: [string, (die: () => void) => Parameters<typeof edge>[0]][] = [
  ['before anything is sealed', (die) => ({ buyTicket: die })],
  ['while it seals', (die) => ({ parts: { seal: async () => die() as never } })],
  [
    'before the relay has a chunk',
    (die) => ({ before: ({ kind }) => (kind === 'chunk' ? die() : undefined) }),
  ],
  ['between two chunks', (die) => ({ after: ({ kind }) => (kind === 'chunk' ? die() : undefined) })],
  ['before the relay has it', (die) => ({ before: ({ kind }) => (kind === 'message' ? die() : undefined) })],
  ['when the relay has it', (die) => ({ after: ({ kind }) => (kind === 'message' ? die() : undefined) })],
];

describe('a page that dies', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(moments)('%s loses nothing, and no id ever has two contents', async (_, when) => {
    const relay = fakeRelay();
    const store = memoryLocalStore();
    const dies = { outbox: undefined as { stop(): void } | undefined };
    const first = edge({
      store,
      relay,
      ...when(() => {
        dies.outbox?.stop();
        throw new RelayError('relay_unreachable');
      }),
    });
    dies.outbox = first.outbox;
    await first.outbox.post([mail(1, { chunks: [chunk(7), chunk(8)] }), mail(2)]);
    first.outbox.setOnline(true);
    await settle();
    const again = edge({ store, relay });
    await again.outbox.load();
    expect(namesIn(again.outbox.letters).flat()).toContain(1);
    again.outbox.setOnline(true);
    await settle();
    expect([...new Set(relay.stored)].toSorted()).toEqual([1, 2]);
    expect(relay.conflicts).toBe(0);
    // Whatever was acknowledged to nobody was sent again as the very same blob.
    expect(relay.of('message')).toHaveLength(2);
    const names = relay.blobs.map(({ kind, names: [name] }) => `${kind} ${name}`);
    expect(names).toEqual(expect.arrayContaining(['chunk 7', 'chunk 8']));
    expect(names.indexOf('message 1')).toBeGreaterThan(names.indexOf('chunk 8'));
    expect([await store.frameKeys(), namesIn(again.outbox.letters)]).toEqual([[], []]);
    const logged = again.outbox.letters.flatMap(({ records }) => records.map(({ content }) => content[0]));
    expect(logged.toSorted()).toEqual([1, 2]);
  });

  it('with the row sealed in the store does not upload before that is kept', async () => {
    const relay = fakeRelay();
    const store = memoryLocalStore();
    const rows: number[] = [];
    const { outbox } = edge({
      store,
      relay,
      before: async ({ kind }: FakeBlob) => {
        if (kind !== 'message') return;
        const reader = edge({ store });
        rows.push((await reader.outbox.load()).filter(({ sealed }) => sealed !== undefined).length);
      },
    });
    outbox.setOnline(true);
    await outbox.post([mail(1)]);
    await settle();
    expect(rows).toEqual([1]);
  });

  it('between sealing and keeping the seal uploads nothing: the next page could not tell which bytes', async () => {
    const relay = fakeRelay();
    const store = memoryLocalStore();
    const first = edge({ store, relay });
    await first.outbox.post([mail(1)]);
    const { apply } = store;
    vi.spyOn(store, 'apply').mockImplementation(async () => first.outbox.stop());
    first.outbox.setOnline(true);
    await settle();
    expect(relay.attempts).toBe(0);
    vi.spyOn(store, 'apply').mockImplementation(apply);
    const again = edge({ store, relay });
    await again.outbox.load();
    again.outbox.setOnline(true);
    await settle();
    expect(relay.of('message')).toHaveLength(1);
  });
});
