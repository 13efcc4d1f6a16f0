import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CborValue, Pair, Signal, SignalRoute, StateBody } from '../src/index.ts';
import {
  encodeCbor,
  HASH_BYTES,
  MAX_MEMBERS,
  MAX_SDP_BYTES,
  openSignal,
  PAGE_ID_BYTES,
  randomBytes,
  SIGNAL_BOX_BYTES,
  sealSignal,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { codeOf, flipped, makeMembers, pairOf, refused } from './support/members.ts';
import { sealShapedSignal } from './support/shaped-signal.ts';
import { anyCbor, anything } from './support/values.ts';

let members: Members;
let sending: Pair;
let receiving: Pair;
const route: SignalRoute = { room: randomBytes(32), from: randomBytes(32), to: randomBytes(32) };

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  receiving = await pairOf(members.bo, members.ada);
});

const bye: Signal = { n: 3, ack: 1, kind: 'bye', body: {} };
const open = (box: Uint8Array, at: Partial<SignalRoute> = {}, pair = receiving) =>
  openSignal(pair, { ...route, ...at }, box);
const description = (length: number): Signal => ({
  n: 1,
  ack: 0,
  kind: 'description',
  body: { type: 'offer', sdp: 'x'.repeat(length) },
});

const pageId = fc.uint8Array({ minLength: PAGE_ID_BYTES, maxLength: PAGE_ID_BYTES });
const memberId = fc.uint8Array({ minLength: HASH_BYTES, maxLength: HASH_BYTES });
const media = { muted: fc.boolean(), deafened: fc.boolean(), camera: fc.boolean() };
const states = fc.record(
  {
    page: pageId,
    at: fc.constantFrom('watching', 'in', 'declined', 'busy'),
    ...media,
    screen: fc.boolean(),
    members: fc.array(memberId, { minLength: 2, maxLength: MAX_MEMBERS, size: 'max' }),
    age: fc.maxSafeNat(),
    rings: fc.boolean(),
    takes: fc.array(pageId, { maxLength: 8 }),
    was: fc.record({ page: pageId, ago: fc.maxSafeNat(), ...media }),
  },
  {
    requiredKeys: ['page', 'at', 'muted', 'deafened', 'camera', 'screen', 'members', 'age', 'rings', 'takes'],
  },
);

describe('a signal', () => {
  test('comes out as it went in, and every state fits the smallest box', async () => {
    await fc.assert(
      fc.asyncProperty(states, fc.maxSafeNat(), fc.maxSafeNat(), async (body, n, ack) => {
        const signal = { n: n + (n === 0 ? 1 : 0), ack, kind: 'state', body } as Signal;
        const box = await sealSignal(sending, route, signal);
        expect(box.length).toBe(SIGNAL_BOX_BYTES[0]);
        const opened = await open(box);
        // Compared by their encoding: arbitrary objects have no prototype.
        expect(encodeCbor(opened as CborValue)).toEqual(encodeCbor(signal as CborValue));
      }),
      { numRuns: 40 },
    );
  });

  test('has a box whose size tells no more than which of three it needs', async () => {
    const sizes = new Map<number, number>();
    for (const length of [1, 1_000, 2_700, 2_900, 9_000, 15_000, 15_300, 20_000, MAX_SDP_BYTES]) {
      const box = await sealSignal(sending, route, description(length));
      expect(await open(box)).toEqual(description(length));
      sizes.set(length, box.length);
    }
    expect([...sizes.values()]).toEqual([
      4_096, 4_096, 4_096, 16_384, 16_384, 16_384, 49_152, 49_152, 49_152,
    ]);
    expect((await sealSignal(sending, route, bye)).length).toBe(SIGNAL_BOX_BYTES[0]);
  });

  test('leaves out what is named and undefined', async () => {
    const body: StateBody = {
      page: randomBytes(PAGE_ID_BYTES),
      at: 'in',
      muted: false,
      deafened: false,
      camera: false,
      screen: false,
      members: [randomBytes(32), randomBytes(32)],
      age: 0,
      rings: false,
      takes: [],
      was: undefined,
    };
    const opened = await open(await sealSignal(sending, route, { n: 1, ack: 0, kind: 'state', body }));
    expect(Object.keys(opened.body)).not.toContain('was');
  });

  test('is not sealed when its recipient would refuse it', async () => {
    const wrong: unknown[] = [
      description(MAX_SDP_BYTES + 1),
      description(0),
      { ...bye, n: 0 },
      { ...bye, n: -1 },
      { ...bye, kind: 'hello' },
      { ...bye, kind: 'toString' },
      { ...bye, body: { reason: 'x' } },
    ];
    for (const signal of wrong)
      expect(await codeOf(sealSignal(sending, route, signal as Signal))).toBe('signal_malformed');
  });

  test('goes to other windows of the same member, and does not come back from there', async () => {
    const own = await pairOf(members.ada, members.ada);
    const box = await sealSignal(own, route, bye);
    expect(await open(box, {}, own)).toEqual(bye);
    expect(await codeOf(open(box, { from: route.to, to: route.from }, own))).toBe('signal_forged');
  });
});

describe('a signal of somebody else, from elsewhere, or changed', () => {
  test('is refused', async () => {
    const box = await sealSignal(sending, route, bye);
    const cleo = await pairOf(members.cleo, members.ada);
    const takenForCleo = await pairOf(members.bo, members.cleo);
    const places: Partial<SignalRoute>[] = [
      { room: randomBytes(32) },
      { from: randomBytes(32) },
      { to: randomBytes(32) },
      { from: route.to, to: route.from },
      { from: route.from.subarray(1) },
    ];
    for (const place of places) expect(await codeOf(open(box, place))).toBe('signal_forged');
    for (const pair of [cleo, takenForCleo, sending])
      expect(await codeOf(open(box, {}, pair))).toBe('signal_forged');
  });

  test('is refused whichever bit is flipped', async () => {
    const box = await sealSignal(sending, route, bye);
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * box.length - 1), async (bit) => {
        expect(await codeOf(open(flipped(box, bit)))).toBe('signal_forged');
      }),
    );
  });

  test('is refused when its recipient sealed it again for a third', async () => {
    const content = encodeCbor(bye as unknown as CborValue);
    // Bo opens what Ada signed for Bo, and passes it on to Cleo: the signature names Bo.
    const onward = await pairOf(members.bo, members.cleo);
    const box = await sealShapedSignal(onward, route, { content, signer: members.ada });
    expect(await codeOf(open(box, {}, await pairOf(members.cleo, members.bo)))).toBe('signal_forged');
    expect(await codeOf(open(box, {}, await pairOf(members.cleo, members.ada)))).toBe('signal_forged');
  });

  test('is refused for its size, whatever it holds', async () => {
    await fc.assert(fc.asyncProperty(anything, (bytes) => refused(['signal_forged'], () => open(bytes))));
    for (const size of SIGNAL_BOX_BYTES)
      for (const box of [new Uint8Array(size), new Uint8Array(size).fill(255), randomBytes(size)])
        expect(await codeOf(open(box))).toBe('signal_forged');
    for (const size of [1_280, 4_095, 4_097, 16_383, 16_385, 49_151, 49_153]) {
      const content = encodeCbor(bye as unknown as CborValue);
      const box = await sealShapedSignal(sending, route, { content, size });
      expect(await codeOf(open(box))).toBe('signal_forged');
    }
  });
});

describe('an authentic signal with a wrong inside', () => {
  test('is refused, whatever it is', async () => {
    const capacity = SIGNAL_BOX_BYTES[0] - 1_136 - 68;
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, anyCbor), async (content) => {
        fc.pre(content.length <= capacity);
        const box = await sealShapedSignal(sending, route, { content });
        await refused(['signal_malformed'], () => open(box));
      }),
      { numRuns: 150 },
    );
  });

  test('is refused when it is nested as deep as the largest box allows', async () => {
    const size = SIGNAL_BOX_BYTES[2];
    const lists = new Uint8Array(size - 1_136 - 68).fill(0x81);
    const maps = new Uint8Array(lists.length);
    for (let i = 0; i < maps.length; i++) maps[i] = [0xa1, 0x61, 0x61][i % 3] as number;
    for (const content of [lists, maps]) {
      const box = await sealShapedSignal(sending, route, { content, size });
      expect(await codeOf(open(box))).toBe('signal_malformed');
    }
  });

  test('is refused in a larger box, with padding, or with a length of its own', async () => {
    const content = encodeCbor(bye as unknown as CborValue);
    expect(await open(await sealShapedSignal(sending, route, { content }))).toEqual(bye);
    const wrong = [
      { size: SIGNAL_BOX_BYTES[1] },
      { padding: 1 },
      { contentLength: content.length - 1 },
      { contentLength: content.length + 1 },
      { contentLength: 0 },
      { contentLength: 2 ** 32 - 1 },
      { contentLength: 2 ** 31 },
    ];
    for (const shape of wrong) {
      const box = await sealShapedSignal(sending, route, { content, ...shape });
      // A length that cuts or stretches the content breaks the signature over it.
      await refused(['signal_malformed', 'signal_forged'], () => open(box));
    }
  });
});
