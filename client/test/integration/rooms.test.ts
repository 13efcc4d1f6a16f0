import type { Signal } from '@relay/protocol';
import { makeCallSecret, RelayError } from '@relay/protocol';
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest';
import { Vault } from '../../src/crypto/vault.ts';
import { RelayHttp } from '../../src/transport/http.ts';
import { Link } from '../../src/transport/link.ts';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';

let circle: TestCircle;
beforeAll(async () => {
  circle = await startCircle(inject('postgresUrl'));
});
afterAll(() => circle.close());

const links: Link[] = [];
afterEach(() => {
  for (const link of links.splice(0)) link.stop();
});

/** A member with an open room of a call, connected or about to be. */
async function guest(number: number, secret: Uint8Array) {
  const vault = new Vault();
  await vault.open(circle.files[number - 1] as Uint8Array);
  const link = new Link(new RelayHttp(circle.url), (origin, nonce) => vault.prove(origin, nonce), {
    status: () => {},
    resync: () => {},
    blobs: () => {},
  });
  links.push(link);
  const told: string[] = [];
  const boxes: { from: string; to: string; box: Uint8Array }[] = [];
  link.rooms.listen({
    online: () => told.push('online'),
    offline: () => told.push('offline'),
    arrived: (_own, seat) => told.push(`arrived ${seat}`),
    left: (_own, seat) => told.push(`left ${seat}`),
    signal: (from, to, box) => boxes.push({ from, to, box }),
  });
  const { handle } = await vault.openRoom(secret);
  link.connect();
  await vi.waitUntil(() => link.rooms.isOnline, { timeout: 10_000 });
  const join = async () => {
    const { seat } = await vault.makeSeat(handle);
    const seats = await link.rooms.join(seat, (origin, nonce) =>
      vault.proveSeat(handle, origin, nonce, seat),
    );
    return { seat, seats };
  };
  return { vault, link, told, boxes, handle, join, id: circle.keyHashes[number - 1] as string };
}

const goodbye = (n: number): Signal => ({ n, ack: 0, kind: 'bye', body: {} });

it('brings members to the same room, who know whose seats those are, and read each other’s signals', async () => {
  const secret = makeCallSecret();
  const [one, two] = [await guest(1, secret), await guest(2, secret)];
  const mine = await one.join();
  const theirs = await two.join();
  expect(mine.seats).toEqual([]);
  expect(theirs.seats).toEqual([mine.seat]);
  await vi.waitUntil(() => one.told.includes(`arrived ${theirs.seat}`), { timeout: 10_000 });
  expect(await one.vault.ownersOfSeats(one.handle, circle.keyHashes, [theirs.seat, mine.seat])).toEqual([
    two.id,
    one.id,
  ]);

  const box = await two.vault.sealSignal(two.handle, one.id, theirs.seat, mine.seat, goodbye(1));
  await two.link.rooms.signal(theirs.seat, mine.seat, box);
  await vi.waitUntil(() => one.boxes.length === 1, { timeout: 10_000 });
  const [{ from, to, box: came } = { from: '', to: '', box: new Uint8Array() }] = one.boxes;
  expect([from, to]).toEqual([theirs.seat, mine.seat]);
  expect(await one.vault.openSignal(one.handle, two.id, from, to, came)).toEqual(goodbye(1));

  two.link.rooms.leave(theirs.seat);
  await vi.waitUntil(() => one.told.includes(`left ${theirs.seat}`), { timeout: 10_000 });
  await expect(one.link.rooms.signal(mine.seat, theirs.seat, box)).rejects.toMatchObject({
    code: 'seat_unknown',
  });
});

it('does not let a member in whose secret is another one', async () => {
  const [one, two] = [await guest(1, makeCallSecret()), await guest(2, makeCallSecret())];
  const { handle } = await two.vault.openRoom(makeCallSecret());
  const { seat } = await two.vault.makeSeat(two.handle);
  await one.join();
  const mixed = two.link.rooms.join(seat, async (origin, nonce) => ({
    ...(await two.vault.proveSeat(handle, origin, nonce, seat)),
    roomKey: (await one.vault.proveSeat(one.handle, origin, nonce, seat)).roomKey,
  }));
  await expect(mixed).rejects.toMatchObject({ code: 'room_refused' });
});

it('says that every seat is gone with the connection, and takes new ones over the next', async () => {
  const secret = makeCallSecret();
  const [one, two] = [await guest(1, secret), await guest(2, secret)];
  const before = await one.join();
  await circle.stopRelay();
  await vi.waitUntil(() => !one.link.rooms.isOnline && !two.link.rooms.isOnline, { timeout: 10_000 });
  expect(one.told.at(-1)).toBe('offline');
  await expect(one.join()).rejects.toMatchObject({ code: 'relay_unreachable' });
  await expect(one.link.rooms.signal(before.seat, before.seat, new Uint8Array(4_096))).rejects.toThrow(
    RelayError,
  );
  await circle.startRelay();
  for (const { link } of [one, two]) link.connect();
  await vi.waitUntil(() => one.link.rooms.isOnline && two.link.rooms.isOnline, { timeout: 15_000 });
  expect(one.told.filter((word) => word === 'online')).toHaveLength(2);
  const after = await one.join();
  expect(after.seats).toEqual([]);
  expect(after.seat).not.toBe(before.seat);
  expect((await two.join()).seats).toEqual([after.seat]);
});
