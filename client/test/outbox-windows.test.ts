import 'fake-indexeddb/auto';
import { RelayError } from '@relay/protocol';
import { describe, expect, it, vi } from 'vitest';
import { turnTaker } from '../src/state/turns.ts';
import { indexedLocalStore } from '../src/storage/indexed-local-store.ts';
import { edge, fakeRelay, mail, namesIn } from './support/outbox-edge.ts';

let names = 0;

/** Two windows of one member over one database, whose outboxes take turns as the browser's locks make them. */
async function twoWindows() {
  const name = `windows-${++names}`;
  const relay = fakeRelay();
  const inTurn = turnTaker();
  const window = async (options: Parameters<typeof edge>[0] = {}) => {
    const parts = { exclusively: <T>(work: () => Promise<T>) => inTurn(work) };
    return edge({ store: await indexedLocalStore(name), relay, parts, ...options });
  };
  return { relay, window };
}
const isEmpty = ({ outbox }: ReturnType<typeof edge>) => expect(namesIn(outbox.letters)).toEqual([]);

describe('two windows over one store', () => {
  it('do not send twice what one of them left for the other', async () => {
    const { relay, window } = await twoWindows();
    const left = await window();
    await left.outbox.post([mail(1)]);
    const right = await window();
    await right.outbox.load();
    // The heir first, then the one that wrote it.
    right.outbox.setOnline(true);
    await vi.waitFor(() => isEmpty(right), { timeout: 10_000 });
    left.outbox.setOnline(true);
    await vi.waitFor(() => isEmpty(left), { timeout: 10_000 });
    expect([relay.of('message').length, relay.stored]).toEqual([1, [1]]);
    for (const { outbox } of [left, right]) outbox.stop();
  });

  it('do not send twice when both come online at once', async () => {
    const { relay, window } = await twoWindows();
    const left = await window();
    await left.outbox.post([mail(1)]);
    const right = await window();
    await right.outbox.load();
    for (const { outbox } of [left, right]) outbox.setOnline(true);
    await vi.waitFor(() => [left, right].forEach(isEmpty), { timeout: 10_000 });
    expect(relay.of('message')).toHaveLength(1);
    for (const { outbox } of [left, right]) outbox.stop();
  });

  it('lose nothing that joined a letter after the other window had read it', async () => {
    const { relay, window } = await twoWindows();
    const left = await window();
    await left.outbox.post([mail(1)]);
    const right = await window({
      before: async ({ kind }) => {
        if (kind === 'message' && relay.stored.length === 0) await left.outbox.post([mail(2)]);
      },
    });
    await right.outbox.load();
    right.outbox.setOnline(true);
    await vi.waitFor(() => isEmpty(right), { timeout: 10_000 });
    left.outbox.setOnline(true);
    await vi.waitFor(() => isEmpty(left), { timeout: 10_000 });
    expect([...new Set(relay.stored)].toSorted()).toEqual([1, 2]);
    expect(relay.conflicts).toBe(0);
    for (const { outbox } of [left, right]) outbox.stop();
  });

  it('leave to the other, byte for byte, what one sealed and could not send', async () => {
    const { relay, window } = await twoWindows();
    const left = await window({
      after: () => {
        throw new RelayError('relay_unreachable');
      },
    });
    await left.outbox.post([mail(1)]);
    const right = await window();
    await right.outbox.load();
    left.outbox.setOnline(true);
    await vi.waitFor(() => expect(relay.stored).toEqual([1]), { timeout: 10_000 });
    left.outbox.setOnline(false);
    right.outbox.setOnline(true);
    await vi.waitFor(() => isEmpty(right), { timeout: 10_000 });
    expect([relay.stored, relay.conflicts]).toEqual([[1], 0]);
    for (const { outbox } of [left, right]) outbox.stop();
  });

  it('write their lines of the sent log each for itself', async () => {
    const { relay, window } = await twoWindows();
    const windows = [await window(), await window()];
    for (const [i, { outbox }] of windows.entries()) {
      outbox.setOnline(true);
      await outbox.post([mail(i + 1)]);
    }
    await vi.waitFor(() => windows.forEach(isEmpty), { timeout: 10_000 });
    const third = await window();
    const logs = await third.outbox.load();
    expect(logs.map(({ records }) => records.map(({ content }) => content[0])).toSorted()).toEqual([
      [1],
      [2],
    ]);
    expect(relay.of('message')).toHaveLength(2);
    for (const { outbox } of windows) outbox.stop();
  });
});
