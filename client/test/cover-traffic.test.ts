import { fromHex, hex, RelayError } from '@relay/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CoverParts } from '../src/state/cover/cover-traffic.ts';
import { CoverTraffic } from '../src/state/cover/cover-traffic.ts';
import { TestClock } from './support/clock.ts';
import { locks } from './support/token-edge.ts';

const MEMBERS = ['01', '02', '03'].map((byte) => byte.repeat(32));
const MAILBOX = Array.from({ length: 100 }, (_, i) => i.toString(16).padStart(32, '0'));
const MINUTE = 60_000;

/** Cover traffic over a relay that does as it is told; one decoy in ten minutes, one fetch in thirty, on average. */
function coverEdge(parts: Partial<CoverParts> = {}) {
  const clock = new TestClock();
  const did = {
    uploads: [] as { ticket: number; frame: Uint8Array }[],
    taken: [] as string[],
    kept: [] as { recipient: string; blobs: number }[],
    fetches: [] as string[][],
  };
  let tickets = 0;
  const cover = new CoverTraffic({
    isWanted: () => true,
    members: () => MEMBERS,
    tokens: () => 64,
    sealDecoy: async (recipient) => ({ id: '', recipient, frame: fromHex(recipient) }),
    tickets: {
      async take(recipient) {
        did.taken.push(hex(recipient));
        return { ticket: Uint8Array.of(++tickets), blobs: 16, room: 900, capacity: 1_000 };
      },
      giveBack: (recipient, { blobs }) => void did.kept.push({ recipient, blobs }),
    },
    async upload(ticket, frame) {
      did.uploads.push({ ticket: ticket[0] as number, frame });
    },
    listed: () => MAILBOX,
    async *fetch(ids) {
      did.fetches.push(ids.map(hex));
      yield* ids;
    },
    exclusively: locks(),
    after: clock.after,
    pace: { decoyMinutes: 10, fetchMinutes: 30 },
    ...parts,
  });
  /** Lets that many minutes pass, one after the other, and what they bring be done. */
  const pass = async (minutes: number) => {
    for (let i = 0; i < minutes; i++) {
      clock.pass(MINUTE);
      await Promise.resolve();
    }
    await new Promise(setImmediate);
  };
  return { cover, clock, did, pass };
}

describe('cover traffic', () => {
  afterEach(() => vi.restoreAllMocks());

  it('sends one blob to any member, under a ticket of which the rest serves what comes next', async () => {
    const { cover, did, pass } = coverEdge();
    cover.begin();
    await pass(3_000);
    expect(did.uploads.length).toBeGreaterThan(200);
    expect(did.uploads.length).toBeLessThan(400);
    expect(new Set(did.taken)).toEqual(new Set(MEMBERS));
    expect(did.uploads.map(({ frame }) => hex(frame))).toEqual(did.taken);
    expect(did.kept.every(({ blobs }) => blobs === 15)).toBe(true);
    expect(did.kept.map(({ recipient }) => recipient)).toEqual(did.taken);
    cover.stop();
  });

  it('fetches a few blobs of the own mailbox, each once in a fetch', async () => {
    const { cover, did, pass } = coverEdge();
    cover.begin();
    await pass(3_000);
    expect(did.fetches.length).toBeGreaterThan(50);
    expect(did.fetches.length).toBeLessThan(160);
    for (const ids of did.fetches) {
      expect(ids.length).toBeGreaterThanOrEqual(1);
      expect(ids.length).toBeLessThanOrEqual(8);
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect(new Set(did.fetches.map(({ length }) => length)).size).toBe(8);
    // Not the newest, nor the oldest: any.
    expect(new Set(did.fetches.flat()).size).toBeGreaterThan(80);
    cover.stop();
  });

  it('does nothing while it is off or the relay is away, and makes up for nothing', async () => {
    let isWanted = false;
    const { cover, did, pass } = coverEdge({ isWanted: () => isWanted });
    cover.begin();
    await pass(1_000);
    expect(did).toEqual({ uploads: [], taken: [], kept: [], fetches: [] });
    isWanted = true;
    await pass(30);
    expect(did.uploads.length).toBeLessThan(20);
    cover.stop();
  });

  it('leaves tokens for what is said, and room in the mailboxes', async () => {
    const poor = coverEdge({ tokens: () => 21 });
    poor.cover.begin();
    await poor.pass(300);
    expect(poor.did.taken).toEqual([]);
    const full = coverEdge({
      tickets: {
        take: async () => ({ ticket: Uint8Array.of(1), blobs: 16, room: 499, capacity: 1_000 }),
        giveBack: (recipient, { blobs }) => void full.did.kept.push({ recipient, blobs }),
      },
    });
    full.cover.begin();
    await full.pass(300);
    expect(full.did.uploads).toEqual([]);
    // The ticket is there for a message.
    expect(full.did.kept.length).toBeGreaterThan(0);
    expect(full.did.kept.every(({ blobs }) => blobs === 16)).toBe(true);
    poor.cover.stop();
    full.cover.stop();
  });

  it('goes on after what failed, in silence', async () => {
    const { cover, did, pass } = coverEdge({
      sealDecoy: vi
        .fn(async (recipient: string) => ({ id: '', recipient, frame: fromHex(recipient) }))
        .mockRejectedValueOnce(new RelayError('recipient_unknown')),
      // biome-ignore lint/correctness/useYield: it fails before it yields
      async *fetch() {
        throw new RelayError('relay_unreachable');
      },
    });
    cover.begin();
    await pass(1_000);
    expect(did.uploads.length).toBeGreaterThan(20);
    cover.stop();
  });

  it('is made by one window of a member at a time', async () => {
    const exclusively = locks();
    const [first, second] = [coverEdge({ exclusively }), coverEdge({ exclusively })];
    first.cover.begin();
    await first.pass(1);
    second.cover.begin();
    await second.pass(300);
    expect(second.did.uploads).toEqual([]);
    first.cover.stop();
    await second.pass(300);
    expect(second.did.uploads.length).toBeGreaterThan(0);
    const ended = second.did.uploads.length;
    second.cover.stop();
    await second.pass(300);
    expect(second.did.uploads.length).toBe(ended);
    await first.pass(300);
    expect(first.did.uploads).toEqual([]);
  });

  it('makes none after a window was closed that waited for its turn', async () => {
    const exclusively = locks();
    const [first, second] = [coverEdge({ exclusively }), coverEdge({ exclusively })];
    first.cover.begin();
    await first.pass(1);
    second.cover.begin();
    second.cover.stop();
    first.cover.stop();
    await second.pass(300);
    expect(second.did.uploads).toEqual([]);
    expect(second.clock.waits).toEqual([]);
  });
});
