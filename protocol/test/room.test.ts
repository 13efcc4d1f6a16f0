import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bytes, JoinClaim, Room } from '../src/index.ts';
import {
  b64,
  compareBytes,
  decodeSignalFrame,
  deriveRoom,
  encodeSignalFrame,
  hex,
  joinAck,
  joinMessage,
  joinPayload,
  makeCallSecret,
  makeSeat,
  ownerOfSeat,
  plainAck,
  proveJoin,
  randomBytes,
  roomAck,
  roomIdOf,
  SEAT_BYTES,
  SIGNAL_BOX_BYTES,
  seatChange,
  seatPayload,
  utf8,
  verifyJoin,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { codeOfCall, flipped, makeMembers } from './support/members.ts';
import { movedBorder } from './support/values.ts';

let members: Members;
let room: Room;
let claim: JoinClaim;
const hashOf = (name: 'ada' | 'bo' | 'cleo') => members[name].keys.keyHash;

beforeAll(async () => {
  members = await makeMembers();
  room = await deriveRoom(makeCallSecret());
  claim = {
    circleId: members.ada.roster.circleId,
    origin: 'https://relay.example',
    nonce: randomBytes(32),
    roomKey: room.publicKey,
    seat: await makeSeat(room, hashOf('ada')),
    keyHash: hashOf('ada'),
  };
});

describe('a room', () => {
  test('is the same for everyone with its secret, and no other secret gives it', async () => {
    const secret = makeCallSecret();
    const [one, same, other] = [
      await deriveRoom(secret),
      await deriveRoom(secret),
      await deriveRoom(flipped(secret, 0)),
    ];
    expect(one.id).toEqual(same.id);
    expect(one.id).toEqual(await roomIdOf(one.publicKey));
    expect(one.id).not.toEqual(other.id);
    const seat = await makeSeat(one, hashOf('ada'));
    expect(await ownerOfSeat(same, [hashOf('ada')], seat)).toEqual(hashOf('ada'));
    expect(await ownerOfSeat(other, [hashOf('ada')], seat)).toBeUndefined();
  });

  test('gives out no key', async () => {
    expect(room.signing.extractable).toBe(false);
    expect(room.seatKey.extractable).toBe(false);
  });
});

describe('a seat', () => {
  test('is fresh each time, and names its owner among those listed alone', async () => {
    const seats = await Promise.all(Array.from({ length: 50 }, () => makeSeat(room, hashOf('bo'))));
    expect(new Set(seats.map(hex)).size).toBe(50);
    for (const seat of seats) {
      expect(seat.length).toBe(SEAT_BYTES);
      expect(await ownerOfSeat(room, [hashOf('ada'), hashOf('bo')], seat)).toEqual(hashOf('bo'));
      expect(await ownerOfSeat(room, [hashOf('ada'), hashOf('cleo')], seat)).toBeUndefined();
    }
  });

  test('says nothing when a bit is flipped, or its length is another', async () => {
    const everyone = [hashOf('ada'), hashOf('bo'), hashOf('cleo')];
    const seat = await makeSeat(room, hashOf('bo'));
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * SEAT_BYTES - 1), async (bit) => {
        expect(await ownerOfSeat(room, everyone, flipped(seat, bit))).toBeUndefined();
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 70 }), async (bytes) => {
        expect(await ownerOfSeat(room, everyone, bytes)).toBeUndefined();
      }),
    );
  });
});

describe('a proof of joining', () => {
  test('holds for its own claim alone', async () => {
    const signature = await proveJoin(room, members.ada, claim);
    expect(await verifyJoin(claim, signature)).toBe(true);
    const others: Partial<JoinClaim>[] = [
      { circleId: randomBytes(32) },
      { origin: 'http://relay.example' },
      { nonce: randomBytes(32) },
      { roomKey: (await deriveRoom(makeCallSecret())).publicKey },
      { seat: await makeSeat(room, hashOf('ada')) },
      { keyHash: hashOf('bo') },
    ];
    for (const other of others) expect(await verifyJoin({ ...claim, ...other }, signature)).toBe(false);
    for (const wrong of [new Uint8Array(), new Uint8Array(64), signature.slice(1), randomBytes(64)])
      expect(await verifyJoin(claim, wrong)).toBe(false);
    for (const roomKey of [new Uint8Array(), randomBytes(31), new Uint8Array(33)])
      expect(await verifyJoin({ ...claim, roomKey }, signature)).toBe(false);
  });

  test('covers a message that no other claim has', () => {
    type Six = [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes];
    const messageOf = (fields: string[]) => {
      const [circleId, , nonce, roomKey, seat, keyHash] = fields.map(utf8) as Six;
      return b64(joinMessage({ circleId, origin: fields[1] as string, nonce, roomKey, seat, keyHash }));
    };
    fc.assert(
      fc.property(movedBorder(6), ([one, other]) => {
        expect(messageOf(other)).not.toBe(messageOf(one));
      }),
    );
  });
});

describe('a frame of a signal', () => {
  test('comes out as it went in', () => {
    for (const size of SIGNAL_BOX_BYTES) {
      const [from, to, box] = [randomBytes(32), randomBytes(32), randomBytes(32)];
      const whole = new Uint8Array(size);
      whole.set(box);
      const frame = decodeSignalFrame(encodeSignalFrame({ from, to, box: whole }));
      expect(compareBytes(frame.from, from)).toBe(0);
      expect(compareBytes(frame.to, to)).toBe(0);
      expect(compareBytes(frame.box, whole)).toBe(0);
    }
  });

  test('has a box of one of three sizes', () => {
    fc.assert(
      fc.property(fc.nat(60_000), (size) => {
        fc.pre(!SIGNAL_BOX_BYTES.some((box) => box + 64 === size));
        expect(codeOfCall(() => decodeSignalFrame(new Uint8Array(size)))).toBe('bad_request');
      }),
    );
  });
});

test('payloads are what SPEC.md §14 says and nothing else', () => {
  const seat = b64(new Uint8Array(32));
  const join = { origin: 'https://relay.example', nonce: seat, roomKey: seat, seat };
  const signature = b64(new Uint8Array(64));
  expect(joinPayload.parse({ ...join, signature }).signature.length).toBe(64);
  const wrong = [
    join,
    { ...join, signature: seat },
    { ...join, signature, more: 1 },
    { ...join, signature, origin: '' },
    { ...join, signature, origin: 'x'.repeat(256) },
    { ...join, signature, seat: b64(new Uint8Array(31)) },
    { ...join, signature, roomKey: `${'A'.repeat(42)}B` },
    [],
    null,
  ];
  for (const payload of wrong) expect(joinPayload.safeParse(payload).success).toBe(false);
  expect(seatPayload.safeParse({ seat }).success).toBe(true);
  expect(seatPayload.safeParse({ seat, own: seat }).success).toBe(false);
  expect(seatChange.safeParse({ seat, own: seat }).success).toBe(true);
  expect(seatChange.safeParse({ seat }).success).toBe(false);
  // Answers of a later relay may say more, never less.
  expect(roomAck.safeParse({ ok: true, nonce: seat, more: 1 }).success).toBe(true);
  expect(roomAck.safeParse({ ok: true }).success).toBe(false);
  expect(joinAck.safeParse({ ok: true, seats: [seat, seat] }).success).toBe(true);
  expect(joinAck.safeParse({ ok: true, seats: ['x'] }).success).toBe(false);
  expect(plainAck.safeParse({ ok: true }).success).toBe(true);
  expect(plainAck.safeParse({ error: { code: 'seat_unknown', message: '' } }).success).toBe(true);
  expect(plainAck.safeParse({ ok: false }).success).toBe(false);
});
