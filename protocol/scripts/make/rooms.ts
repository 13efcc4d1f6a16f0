/** Vectors of rooms, seats, proofs of joining and frames of signals (SPEC.md §14.1, §21.1). */
import {
  b64,
  deriveRoom,
  encodeSignalFrame,
  joinMessage,
  makeSeat,
  proveJoin,
  SIGNAL_BOX_BYTES,
  sha256,
} from '../../src/index.ts';
import type { Circles } from './circle.ts';
import { identityOf } from './circle.ts';
import { VectorDraft } from './file.ts';

const fill = (n: number, value: number) => new Uint8Array(n).fill(value);
const SECRET = fill(32, 9);

/** Rooms. */
export async function roomVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §14.1, §21.1');
  for (const [name, secret] of [
    ['a room', SECRET],
    ['another room', fill(32, 10)],
    ['the room of a secret of zeros', fill(32, 0)],
  ] as const) {
    const { id, publicKey } = await deriveRoom(secret);
    const expected = { id: b64(id), publicKey: b64(publicKey) };
    draft.valid(name, 'deriveRoom', { secret: b64(secret) }, expected);
    draft.valid(`${name}, by its key`, 'roomIdOf', { roomKey: b64(publicKey) }, b64(id));
  }
  await seats(draft, circle);
  await joins(draft, circle);
  await signalFrames(draft);
  return draft;
}

async function seats(draft: VectorDraft, circle: Circles['circle']) {
  const room = await deriveRoom(SECRET);
  const [ada, bo, third] = [
    await identityOf(circle, 0),
    await identityOf(circle, 1),
    await identityOf(circle, 2),
  ].map(({ keys }) => keys.keyHash) as [Uint8Array, Uint8Array, Uint8Array];
  const secret = b64(SECRET);
  const seatOf = (keyHash: Uint8Array, salt: Uint8Array) => makeSeat(room, keyHash, salt);
  for (const [name, keyHash, salt] of [
    ['seat of member 1', ada, fill(16, 1)],
    ['the next seat of member 1', ada, fill(16, 2)],
    ['seat of member 2', bo, fill(16, 1)],
    ['seat with a salt of zeros', ada, fill(16, 0)],
  ] as const) {
    const input = { secret, keyHash: b64(keyHash), salt: b64(salt) };
    draft.valid(name, 'makeSeat', input, b64(await seatOf(keyHash, salt)));
  }
  const seat = draft.name('seat of member 2 in a room', await seatOf(bo, fill(16, 3)));
  const members = [ada, bo].map(b64);
  const owner = (name: string, changes: object, index: number | null) =>
    draft.valid(name, 'ownerOfSeat', { secret, members, seat, ...changes }, index);
  owner('its owner is the second of the list', {}, 1);
  owner('in another order the first', { members: members.toReversed() }, 0);
  owner('not listed', { members: [ada, third].map(b64) }, null);
  owner('nobody is listed', { members: [] }, null);
  owner('in another room', { secret: b64(fill(32, 10)) }, null);
  owner('another salt', { seat: { ...seat, xor: [[0, 1]] } }, null);
  owner('another tag', { seat: { ...seat, xor: [[-1, 1]] } }, null);
  owner('a cut seat', { seat: { ...seat, cut: 31 } }, null);
  owner('a longer seat', { seat: { ...seat, add: 'AA' } }, null);
  owner('a salt alone', { seat: { ...seat, cut: 16 } }, null);
  owner('no seat', { seat: '' }, null);
}

async function joins(draft: VectorDraft, circle: Circles['circle']) {
  const [ada, bo] = [await identityOf(circle, 0), await identityOf(circle, 1)];
  const room = await deriveRoom(SECRET);
  const { circleId } = ada.roster;
  const origin = 'https://relay.example';
  const nonce = fill(32, 7);
  const seat = await makeSeat(room, ada.keys.keyHash, fill(16, 1));
  const whole = { circleId, origin, nonce, roomKey: room.publicKey, seat, keyHash: ada.keys.keyHash };
  const claim = {
    circleId: b64(circleId),
    origin,
    nonce: b64(nonce),
    roomKey: b64(room.publicKey),
    seat: b64(seat),
    keyHash: b64(ada.keys.keyHash),
  };
  draft.valid('what a proof covers', 'joinMessage', claim, b64(joinMessage(whole)));
  const signature = b64(await proveJoin(room, ada, whole));
  const self = { $: 'identity 1' };
  const input = { self, secret: b64(SECRET), origin, nonce: b64(nonce), seat: b64(seat) };
  draft.valid('a proof', 'proveJoin', input, signature);
  const verify = (name: string, changes: object, expected: boolean) =>
    draft.valid(name, 'verifyJoin', { ...claim, signature, ...changes }, expected);
  verify('the proof holds', {}, true);
  verify('at another origin', { origin: 'https://relay.example:4000' }, false);
  verify('for another nonce', { nonce: b64(fill(32, 8)) }, false);
  verify('in another circle', { circleId: b64(fill(32, 1)) }, false);
  verify('for another seat', { seat: b64(await makeSeat(room, ada.keys.keyHash, fill(16, 2))) }, false);
  verify('for another member', { keyHash: b64(bo.keys.keyHash) }, false);
  const other = await deriveRoom(fill(32, 10));
  verify('under another room’s id', { roomKey: b64(other.publicKey) }, false);
  const foreign = b64(await proveJoin({ ...room, signing: other.signing }, ada, whole));
  verify('by the key of another room', { signature: foreign }, false);
  const own = b64(await proveJoin({ ...room, signing: ada.keys.signing }, ada, whole));
  verify('by the key of the member', { signature: own }, false);
  verify('with a signature of zeros', { signature: b64(fill(64, 0)) }, false);
  verify('without a signature', { signature: '' }, false);
}

async function signalFrames(draft: VectorDraft) {
  const [from, to] = [fill(32, 1), fill(32, 2)];
  for (const [index, size] of SIGNAL_BOX_BYTES.entries()) {
    const box = fill(size, 3 + index);
    const bytes = draft.name(`signal frame of ${size}`, encodeSignalFrame({ from, to, box }));
    const expected = { from: b64(from), to: b64(to), box: b64(await sha256(box)) };
    draft.valid(`a signal of ${size}`, 'decodeSignalFrame', { bytes }, expected);
    const fails = (name: string, change: object) =>
      draft.fails(name, 'decodeSignalFrame', { bytes: { ...bytes, ...change } }, 'bad_request');
    fails(`a signal of ${size - 1}`, { cut: 63 + size });
    fails(`a signal of ${size + 1}`, { add: 'AA' });
  }
  const none = { $: `signal frame of ${SIGNAL_BOX_BYTES[0]}`, cut: 64 };
  draft.fails('a signal without a box', 'decodeSignalFrame', { bytes: none }, 'bad_request');
  draft.fails('no signal', 'decodeSignalFrame', { bytes: '' }, 'bad_request');
}
