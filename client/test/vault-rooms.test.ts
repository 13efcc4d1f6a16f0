import type { Signal } from '@relay/protocol';
import { hex, makeCallSecret, randomBytes, roomIdOf, SEAT_BYTES, verifyJoin } from '@relay/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenedRoom, Vault } from '../src/crypto/vault.ts';
import type { RosterMaker } from './support/rosters.ts';
import { openVault, rosterMaker } from './support/rosters.ts';

const ORIGIN = 'https://relay.example';
const secret = makeCallSecret();

interface Seated {
  vault: Vault;
  id: string;
  circleId: Uint8Array;
  room: OpenedRoom;
  seat: string;
}

let maker: RosterMaker;
let alice: Seated;
let bob: Seated;
let carol: Seated;

async function seated(number: number): Promise<Seated> {
  const { vault, view } = await openVault(maker.files[number - 1] as Uint8Array);
  const room = await vault.openRoom(secret);
  const { seat } = await vault.makeSeat(room.handle);
  return { vault, id: view.self, circleId: view.circleId, room, seat };
}

beforeAll(async () => {
  maker = await rosterMaker('Alice', 'Bob', 'Carol');
  [alice, bob, carol] = await Promise.all([seated(1), seated(2), seated(3)]);
});

const CANDIDATE: Signal = {
  n: 2,
  ack: 1,
  kind: 'candidate',
  body: { candidate: 'candidate:1 1 udp 1 203.0.113.1 3478 typ relay', mid: '0', ufrag: 'abcd' },
};

const send = (from: Seated, to: Seated, signal = CANDIDATE) =>
  from.vault.sealSignal(from.room.handle, to.id, from.seat, to.seat, signal);
const take = (from: Seated, to: Seated, box: Uint8Array) =>
  to.vault.openSignal(to.room.handle, from.id, from.seat, to.seat, box);

describe('rooms in the vault', () => {
  it('are one for everyone who holds the secret, and another for another secret', async () => {
    expect(alice.room.id).toBe(bob.room.id);
    const other = await alice.vault.openRoom(makeCallSecret());
    expect(other.id).not.toBe(alice.room.id);
    expect(other.handle).not.toBe(alice.room.handle);
    await alice.vault.closeRoom(other.handle);
  });

  it('have fresh seats, whose owners those on the list recognise', async () => {
    const again = await alice.vault.makeSeat(alice.room.handle);
    expect(again.seat).not.toBe(alice.seat);
    const strange = hex(randomBytes(SEAT_BYTES));
    const seats = [bob.seat, strange, again.seat, carol.seat];
    const owners = await bob.vault.ownersOfSeats(bob.room.handle, [alice.id, bob.id], seats);
    expect(owners).toEqual([bob.id, undefined, alice.id, undefined]);
  });

  it('are joined with a proof for one relay, one nonce, one seat and one member', async () => {
    const nonce = randomBytes(32);
    const { roomKey, signature } = await alice.vault.proveSeat(alice.room.handle, ORIGIN, nonce, alice.seat);
    expect(hex(await roomIdOf(roomKey))).toBe(alice.room.id);
    const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
    const claim = {
      circleId: alice.circleId,
      origin: ORIGIN,
      nonce,
      roomKey,
      seat: bytesOf(alice.seat),
      keyHash: bytesOf(alice.id),
    };
    expect(await verifyJoin(claim, signature)).toBe(true);
    expect(await verifyJoin({ ...claim, keyHash: bytesOf(bob.id) }, signature)).toBe(false);
    expect(await verifyJoin({ ...claim, seat: bytesOf(bob.seat) }, signature)).toBe(false);
  });
});

describe('signals through the vault', () => {
  it('arrive as they were sent, also at another page of the same member', async () => {
    expect(await take(alice, bob, await send(alice, bob))).toEqual(CANDIDATE);
    const elsewhere = await seated(1);
    expect(await take(alice, elsewhere, await send(alice, elsewhere))).toEqual(CANDIDATE);
  });

  it('open for nobody else, under no other seat, and in no other room', async () => {
    const box = await send(alice, bob);
    const forged = { code: 'signal_forged' };
    await expect(take(alice, carol, box)).rejects.toMatchObject(forged);
    await expect(take(carol, bob, box)).rejects.toMatchObject(forged);
    await expect(take({ ...alice, seat: carol.seat }, bob, box)).rejects.toMatchObject(forged);
    await expect(take(alice, { ...bob, seat: carol.seat }, box)).rejects.toMatchObject(forged);
    const room = await bob.vault.openRoom(makeCallSecret());
    await expect(take(alice, { ...bob, room }, box)).rejects.toMatchObject(forged);
    await bob.vault.closeRoom(room.handle);
  });

  it('are neither made for members who are gone nor taken from them, and their seats are nobody’s', async () => {
    const member = await seated(1);
    const box = await send(carol, member);
    const update = await maker.update(2, maker.lines.slice(0, 2));
    await member.vault.acceptRoster(update.bytes);
    await expect(send(member, carol)).rejects.toMatchObject({ code: 'recipient_unknown' });
    await expect(take(carol, member, box)).rejects.toMatchObject({ code: 'signal_unlisted' });
    const owners = member.vault.ownersOfSeats(member.room.handle, maker.ids, [carol.seat, bob.seat]);
    expect(await owners).toEqual([undefined, bob.id]);
    // The room itself outlives the change of roster, and so do the signals of those who stay.
    expect(await take(member, bob, await send(member, bob))).toEqual(CANDIDATE);
  });
});

describe('rooms end', () => {
  it('one by one', async () => {
    const { vault, room } = await seated(1);
    await vault.closeRoom(room.handle);
    await expect(vault.makeSeat(room.handle)).rejects.toThrow('ended');
  });

  it('all with the identity, and none opens afterwards', async () => {
    const member = await seated(1);
    const { vault, room } = member;
    const late = vault.openRoom(secret);
    vault.close();
    await expect(late).rejects.toMatchObject({ code: 'identity_locked' });
    await expect(vault.openRoom(secret)).rejects.toMatchObject({ code: 'identity_locked' });
    await expect(vault.makeSeat(room.handle)).rejects.toMatchObject({ code: 'identity_locked' });
    await vault.open((maker.files[0] as Uint8Array).slice());
    await expect(vault.makeSeat(room.handle)).rejects.toThrow('ended');
    expect((await vault.openRoom(secret)).handle).not.toBe(room.handle);
  });
});
