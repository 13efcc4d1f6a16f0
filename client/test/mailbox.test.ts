import type { MailboxEntry } from '@relay/protocol';
import { BLOB_KIND, hex, RelayError } from '@relay/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadBlob } from '../src/state/mailbox.ts';
import { Mailbox } from '../src/state/mailbox.ts';

/** Ids are two bytes of number, the kind, and zeros; kind 0 is nobody's. */
function idOf(number: number, kind: number = BLOB_KIND.message): Uint8Array<ArrayBuffer> {
  const id = new Uint8Array(16);
  id.set([number >> 8, number & 255, kind]);
  return id;
}
const entry = (number: number, kind?: number, expiryHour = 100): MailboxEntry => ({
  id: idOf(number, kind),
  expiryHour,
});
const numberOf = (id: Uint8Array) => ((id[0] as number) << 8) | (id[1] as number);

/** A mailbox over a relay that serves what `served` says. */
function open({ forged = [] as number[] } = {}) {
  const relay = {
    mailbox: [] as MailboxEntry[],
    served: (ids: number[]): (number | Error)[] => ids,
    fetched: [] as number[][],
    lists: 0,
    opening: 0,
    mostAtOnce: 0,
    whileOpening: async () => {},
    /** Whoever nobody was is a member now. */
    isKnown: false,
    beforeList: () => {},
  };
  const told = {
    opened: [] as number[],
    blobs: [] as ReadBlob[],
    refused: [] as string[],
    progress: [] as [number, number][],
    settled: 0,
  };
  const mailbox = new Mailbox({
    vault: {
      recognise: async (ids) =>
        ids
          .filter((id) => id.slice(4, 6) !== '00' || relay.isKnown)
          .map((id) => ({
            id,
            sender: 'bob',
            kind: Number.parseInt(id.slice(4, 6), 16) || BLOB_KIND.message,
          })),
      async openMessage(id) {
        const number = Number.parseInt(id.slice(0, 4), 16);
        relay.mostAtOnce = Math.max(relay.mostAtOnce, ++relay.opening);
        await relay.whileOpening();
        relay.opening--;
        if (forged.includes(number)) throw new RelayError('blob_forged');
        return { sender: 'bob', rosterSerial: number, rosterHash: '', records: [], refused: [] };
      },
    },
    async list() {
      relay.lists++;
      const now = [...relay.mailbox];
      await Promise.resolve();
      relay.beforeList();
      return now;
    },
    async *fetch(ids) {
      relay.fetched.push(ids.map(numberOf));
      for (const next of relay.served(ids.map(numberOf))) {
        if (next instanceof Error) throw next;
        const asked = ids.find((id) => numberOf(id) === next);
        yield { id: asked ?? idOf(next), blob: new Uint8Array() };
      }
    },
    opened: ({ rosterSerial }, blob) => {
      told.opened.push(rosterSerial);
      told.blobs.push(blob);
    },
    refused: (id, code, sender) =>
      told.refused.push(`${Number.parseInt(id.slice(0, 4), 16)} ${code} ${sender}`),
    progress: (read, total) => told.progress.push([read, total]),
    settled: () => told.settled++,
  });
  return { mailbox, relay, told };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const range = (count: number, from = 1) => Array.from({ length: count }, (_, i) => from + i);
const cut = new RelayError('relay_unreachable');

describe('the mailbox', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('reads in batches what is listed, what ends last first', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = range(150).map((number) => entry(number, BLOB_KIND.message, 1_000 - number));
    mailbox.resync();
    await settle();
    expect(relay.fetched.map(({ length }) => length)).toEqual([64, 64, 22]);
    expect(told.opened).toEqual(range(150));
    expect(told.blobs[0]).toEqual({ id: hex(idOf(1)), expiryHour: 999 });
    expect(told.progress.at(0)).toEqual([1, 150]);
    expect(told.progress.at(-1)).toEqual([150, 150]);
    expect(told.settled).toBe(1);
  });

  it('opens a few at once, never more, and waits for all of them', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = range(20).map((number) => entry(number));
    relay.whileOpening = () => new Promise((resolve) => setTimeout(resolve, 10));
    mailbox.resync();
    await vi.advanceTimersByTimeAsync(29);
    expect([relay.mostAtOnce, told.settled]).toEqual([8, 0]);
    await vi.advanceTimersByTimeAsync(1);
    expect([told.opened.length, told.settled, relay.mostAtOnce]).toEqual([20, 1, 8]);
  });

  it('looks again at what nobody could have made, and at nothing else, when there are others', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1, 0), entry(2)];
    mailbox.resync();
    await settle();
    relay.isKnown = true;
    mailbox.resync();
    await settle();
    expect(told.opened).toEqual([2]);
    mailbox.reconsider();
    await settle();
    expect([told.opened, relay.fetched]).toEqual([
      [2, 1],
      [[2], [1]],
    ]);
    expect(told.refused).toEqual(['1 blob_unrecognised undefined']);
  });

  it('reads nothing twice when it lists again', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1), entry(2)];
    mailbox.resync();
    await settle();
    relay.mailbox.push(entry(3));
    mailbox.resync();
    mailbox.announced([entry(3), entry(1)]);
    await settle();
    expect(relay.fetched).toEqual([[1, 2], [3]]);
    expect(told.opened).toEqual([1, 2, 3]);
  });

  it('reads what is announced while it reads', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1)];
    relay.served = (ids) => {
      if (ids[0] === 1) mailbox.announced([entry(2)]);
      return ids;
    };
    mailbox.resync();
    await settle();
    expect(told.opened).toEqual([1, 2]);
  });

  it('lists once more when that is asked for while a list is on its way', async () => {
    const { mailbox, relay, told } = open();
    relay.beforeList = () => {
      if (relay.lists > 1) return;
      relay.mailbox = [entry(1)];
      mailbox.resync();
    };
    mailbox.resync();
    await settle();
    expect([relay.lists, told.opened]).toEqual([2, [1]]);
  });

  it('goes on where a download was cut off', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = range(4).map((number) => entry(number));
    relay.served = (ids) => (relay.fetched.length === 1 ? [...ids.slice(0, 2), cut] : ids);
    mailbox.resync();
    await settle();
    expect([told.opened, told.settled]).toEqual([[1, 2], 0]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(relay.fetched[1]).toEqual([3, 4]);
    expect([told.opened, told.settled]).toEqual([[1, 2, 3, 4], 1]);
  });

  it('lists again after a list that failed', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1)];
    relay.beforeList = () => {
      if (relay.lists === 1) throw cut;
    };
    mailbox.resync();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([relay.lists, told.opened]).toEqual([2, [1]]);
  });

  it('tells once of what nobody can have made, and of kinds it does not know, and fetches neither', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1, 0), entry(2, 0x10), entry(3)];
    relay.served = (ids) => (relay.fetched.length === 1 ? [cut] : ids);
    mailbox.resync();
    await vi.advanceTimersByTimeAsync(5_000);
    mailbox.resync();
    mailbox.announced([entry(1, 0)]);
    await settle();
    expect(told.refused).toEqual(['1 blob_unrecognised undefined', '2 blob_unrecognised bob']);
    expect(relay.fetched).toEqual([[3], [3]]);
  });

  it('fetches decoys like messages and drops them, leaves chunks where they are, and says nothing of either', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1, BLOB_KIND.chunk), entry(2, BLOB_KIND.decoy), entry(3, BLOB_KIND.sentLog)];
    mailbox.resync();
    await settle();
    expect([relay.fetched, told.refused, told.opened]).toEqual([[[2, 3]], [], [3]]);
    expect(mailbox.listed.length).toBe(3);
  });

  it('ignores blobs that it did not ask for, and those that are served twice', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1)];
    relay.served = () => [7, 1, 1, 8];
    mailbox.resync();
    await settle();
    expect(told.opened).toEqual([1]);
  });

  it('tells of what cannot be opened, goes on, and does not fetch it again', async () => {
    const { mailbox, relay, told } = open({ forged: [2] });
    relay.mailbox = range(3).map((number) => entry(number));
    mailbox.resync();
    await settle();
    mailbox.resync();
    await settle();
    expect([told.opened, told.refused]).toEqual([[1, 3], ['2 blob_forged bob']]);
    expect(relay.fetched).toHaveLength(1);
  });

  it('asks again for what was not served, when it is listed again', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1), entry(2)];
    relay.served = () => (relay.fetched.length === 1 ? [2] : [1]);
    mailbox.resync();
    await settle();
    expect([told.opened, told.settled]).toEqual([[2], 1]);
    mailbox.resync();
    await settle();
    expect(told.opened).toEqual([2, 1]);
  });

  it('is still after it was stopped, also when a fault comes later', async () => {
    const { mailbox, relay, told } = open();
    relay.mailbox = [entry(1)];
    relay.served = () => {
      mailbox.stop();
      return [cut];
    };
    mailbox.resync();
    await settle();
    mailbox.resync();
    await settle();
    expect([relay.lists, told.settled, vi.getTimerCount()]).toEqual([1, 0, 0]);
  });
});
