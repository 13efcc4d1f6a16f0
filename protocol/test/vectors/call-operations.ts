/** Operations of the vectors of calls (SPEC.md §14.1, §21). */
import {
  b64,
  decodeSignalFrame,
  deriveRoom,
  equalBytes,
  joinMessage,
  loadIdentity,
  makeSeat,
  openSignal,
  ownerOfSeat,
  proveJoin,
  roomIdOf,
  sha256,
  verifyJoin,
} from '../../src/index.ts';
import type { Input, Json } from './input.ts';
import { toJson } from './input.ts';
import { pairWith } from './pairs.ts';

const claimOf = (input: Input) => ({
  circleId: input.bytes('circleId'),
  origin: input.text('origin'),
  nonce: input.bytes('nonce'),
  roomKey: input.bytes('roomKey'),
  seat: input.bytes('seat'),
  keyHash: input.bytes('keyHash'),
});

const routeOf = (input: Input) => ({
  room: input.bytes('room'),
  from: input.bytes('from'),
  to: input.bytes('to'),
});

/** By name, as `OPERATIONS`. */
export const CALL_OPERATIONS: { [name: string]: (input: Input) => Promise<Json> } = {
  async deriveRoom(input) {
    const { id, publicKey } = await deriveRoom(input.bytes('secret'));
    return { id: b64(id), publicKey: b64(publicKey) };
  },
  async roomIdOf(input) {
    return b64(await roomIdOf(input.bytes('roomKey')));
  },
  async makeSeat(input) {
    const room = await deriveRoom(input.bytes('secret'));
    return b64(await makeSeat(room, input.bytes('keyHash'), input.bytes('salt')));
  },
  /** Index of the owner in `members`, or null. */
  async ownerOfSeat(input) {
    const room = await deriveRoom(input.bytes('secret'));
    const members = input.list('members');
    const owner = await ownerOfSeat(room, members, input.bytes('seat'));
    return owner === undefined ? null : members.findIndex((member) => equalBytes(member, owner));
  },
  async joinMessage(input) {
    return b64(joinMessage(claimOf(input)));
  },
  async proveJoin(input) {
    const self = await loadIdentity(input.bytes('self'));
    const room = await deriveRoom(input.bytes('secret'));
    const claim = { origin: input.text('origin'), nonce: input.bytes('nonce'), seat: input.bytes('seat') };
    return b64(await proveJoin(room, self, claim));
  },
  async verifyJoin(input) {
    return verifyJoin(claimOf(input), input.bytes('signature'));
  },
  async openSignal(input) {
    return toJson(await openSignal(await pairWith(input), routeOf(input), input.bytes('box')));
  },
  async decodeSignalFrame(input) {
    const { from, to, box } = decodeSignalFrame(input.bytes('bytes'));
    return { from: b64(from), to: b64(to), box: b64(await sha256(box)) };
  },
};
