/** What somebody with keys may sign and seal, for as long as `make fuzz` says: nearly the right thing, past every check of who made it. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { CIRCLE_KEY_MAGIC } from '../src/circle.ts';
import { frameFile } from '../src/framed-file.ts';
import type { CborValue, IdentityContent, Pair, SignalRoute } from '../src/index.ts';
import {
  concat,
  decodeCbor,
  decodeRecord,
  encodeCbor,
  encodeRecord,
  IDENTITY_MAGIC,
  loadIdentity,
  lp,
  MAX_BODY_BYTES,
  openMessage,
  openRoster,
  openRosterUpdate,
  openSignal,
  randomBytes,
  readCircleKey,
  replaceMember,
  SIGNAL_BOX_BYTES,
  sign,
  signingKeyPair,
  writeCircleKey,
  writeIdentityFile,
} from '../src/index.ts';
import { nearly } from './support/changes.ts';
import { FUZZ_TIMEOUT_MS, fuzz } from './support/fuzz.ts';
import type { Members } from './support/members.ts';
import { makeMembers, pairOf, takenOrRefused } from './support/members.ts';
import { record } from './support/records.ts';
import { sealShaped } from './support/shaped.ts';
import { sealShapedSignal } from './support/shaped-signal.ts';
import { sealShapedUpdate } from './support/shaped-update.ts';
import { anyCbor, deep } from './support/values.ts';

const RUNS = { runs: 100 };
const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };
const route: SignalRoute = { room: randomBytes(32), from: randomBytes(32), to: randomBytes(32) };
let members: Members;
let sending: Pair;
let receiving: Pair;
let circleKey: CryptoKey;

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  receiving = await pairOf(members.bo, members.ada);
  circleKey = (await signingKeyPair(members.circle.circleKey.seed)).privateKey;
});

const encoded = (value: CborValue) => nearly(value).map(encodeCbor);
/** Nearly a record, of every kind. */
const records = record.chain((one) => encoded(decodeCbor(encodeRecord(one)) as CborValue));
/** A length that a plaintext claims: mostly the right one. */
const claims = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  fc.constantFrom(0, 1, MAX_BODY_BYTES, MAX_BODY_BYTES + 1, 2 ** 31, 2 ** 32 - 1),
);

test('a record is one of its kind, or none', TIMEOUT, async () => {
  await fuzz(
    'shaped records',
    records,
    async (content) => {
      const read = await takenOrRefused(['record_invalid'], () => decodeRecord(content));
      if (read !== undefined) expect(encodeRecord(read)).toEqual(content);
    },
    RUNS,
  );
});

test('a message has the shape of one, whatever its sender signs', TIMEOUT, async () => {
  const bodies = fc.oneof(
    records.chain((content) =>
      encoded({
        roster: [1, new Uint8Array(32)],
        issuer: [1, new Uint8Array(32), 2],
        records: [[content, { file: new Uint8Array(32), to: [] }]],
      }),
    ),
    anyCbor,
    deep,
  );
  const shapes = fc.record({ body: bodies, bodyLength: claims, padding: fc.constantFrom(0, 0, 0, 1) });
  await fuzz(
    'shaped messages',
    shapes,
    async ({ body, bodyLength = body.length, padding }) => {
      fc.pre(body.length <= MAX_BODY_BYTES);
      const { id, blob } = await sealShaped(sending, { body, bodyLength, padding });
      const codes = ['blob_malformed', 'blob_forged'];
      const opened = await takenOrRefused(codes, () => openMessage(receiving, id, blob));
      if (opened === undefined) return;
      expect([bodyLength, padding, opened.records.length > 0]).toEqual([body.length, 0, true]);
      for (const { content } of opened.records)
        await takenOrRefused(['record_invalid'], () => decodeRecord(content));
    },
    RUNS,
  );
});

const page = new Uint8Array(16);
const media = { muted: true, deafened: false, camera: true };
const BODIES: { [kind: string]: CborValue } = {
  ack: {},
  state: {
    page,
    at: 'in',
    ...media,
    screen: false,
    members: [new Uint8Array(32), new Uint8Array(32).fill(1)],
    age: 5,
    rings: false,
    takes: [page],
    was: { page, ago: 1, ...media },
  },
  description: { type: 'offer', sdp: 'v=0\r\n' },
  candidate: { candidate: 'candidate:1 1 udp 1 0.0.0.0 9 typ relay', mid: '0', ufrag: 'x' },
  bye: {},
};

test('a signal of a call has the shape of one, whatever its sender signs', TIMEOUT, async () => {
  const contents = fc.oneof(
    fc.constantFrom(...Object.entries(BODIES)).chain(([kind, body]) => encoded({ n: 3, ack: 1, kind, body })),
    anyCbor,
  );
  const shapes = fc.record({
    content: contents,
    contentLength: claims,
    padding: fc.constantFrom(0, 0, 0, 1),
    size: fc.constantFrom(SIGNAL_BOX_BYTES[0], SIGNAL_BOX_BYTES[0], ...SIGNAL_BOX_BYTES),
  });
  await fuzz(
    'shaped signals',
    shapes,
    async ({ contentLength, ...shape }) => {
      fc.pre(shape.content.length < shape.size - 1_136 - 68);
      const length = contentLength ?? shape.content.length;
      const box = await sealShapedSignal(sending, route, { ...shape, contentLength: length });
      const codes = ['signal_malformed', 'signal_forged'];
      const signal = await takenOrRefused(codes, () => openSignal(receiving, route, box));
      if (signal === undefined) return;
      expect(Object.keys(BODIES)).toContain(signal.kind);
      expect([length, shape.padding]).toEqual([shape.content.length, 0]);
    },
    RUNS,
  );
});

test(
  'a roster is of the right shape and in order, and so is an update, whatever the circle’s key signs',
  TIMEOUT,
  async () => {
    const { circleKey: newer } = await replaceMember(members.circle.circleKey, 3);
    const secret = newer.secrets[0]?.secret as Uint8Array;
    const proper = newer.signedRoster.subarray(64);
    const signed = async (roster: Uint8Array) =>
      concat(await sign(circleKey, lp('relay/1 roster', roster)), roster);
    const updated = async (signedRoster: Uint8Array, length = signedRoster.length) =>
      openRosterUpdate(members.ada, await sealShapedUpdate(members.ada, signedRoster, secret, length));
    expect((await updated(newer.signedRoster)).roster.serial).toBe(2);
    const shapes = fc.record({
      roster: fc.oneof(encoded(decodeCbor(proper) as CborValue), anyCbor),
      length: claims,
    });
    await fuzz(
      'shaped rosters',
      shapes,
      async ({ roster, length }) => {
        fc.pre(roster.length < 60_000);
        const whole = await signed(roster);
        const opened = await takenOrRefused(['roster_invalid'], () => openRoster(whole));
        const numbers = opened?.members.map(({ number }) => number) ?? [];
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
        const codes = ['roster_update_invalid', 'roster_stale'];
        const update = await takenOrRefused(codes, () => updated(whole, length));
        if (update !== undefined) expect(update.roster).toEqual(opened);
      },
      RUNS,
    );
  },
);

test(
  'identity file and circle.key hold what belongs together, though their hashes are right',
  TIMEOUT,
  async () => {
    const identity = await writeIdentityFile(members.circle.identities[0] as IdentityContent);
    const key = await writeCircleKey(members.circle.circleKey);
    const payloadOf = (file: Uint8Array) => decodeCbor(file.slice(12, -32)) as CborValue;
    const payloads = fc.record({
      identity: fc.oneof(encoded(payloadOf(identity)), deep),
      key: fc.oneof(encoded(payloadOf(key)), deep),
    });
    await fuzz('shaped files', payloads, async (payload) => {
      const file = await frameFile(IDENTITY_MAGIC, payload.identity);
      await takenOrRefused(['identity_corrupt', 'identity_inconsistent'], () => loadIdentity(file));
      const other = await frameFile(CIRCLE_KEY_MAGIC, payload.key);
      await takenOrRefused(['circle_key_invalid'], () => readCircleKey(other));
    });
  },
);
