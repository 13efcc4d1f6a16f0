/** A busy hour in short: everything that members and strangers can do over the wire, well and badly. */
import { allocate } from '@relay/demo/turn-server';
import type { Bytes } from '@relay/protocol/wire';
import { b64, randomBytes } from '@relay/protocol/wire';
import type { TestBlob } from './client.ts';
import {
  buyTicket,
  deleteBlobs,
  drawTokens,
  fetchBlobs,
  listMailbox,
  makeBlob,
  outcome,
  readBlobs,
  spendToken,
  upload,
  uploadBlobs,
} from './client.ts';
import type { TestCircle, TestMember } from './member.ts';
import { askChallenge, logIn, makeMember, prove } from './member.ts';
import { makeRoom, sitterOf } from './rooms.ts';
import { connectSocket } from './socket.ts';
import { getTurn } from './turn.ts';

/** Everything of the hour that must stand nowhere, or in certain places alone. */
export interface Hour {
  /** Session tokens, tickets, blind tokens, secrets of blobs, seats, rooms and signals: nowhere. */
  secrets: Bytes[];
  /** What members wrote to the TURN server: nowhere. */
  turnNames: string[];
  blobs: TestBlob[];
  /** What the relay answered where things went badly. */
  refusals: string[];
}

/** Where it happens. */
export interface Stage {
  url: string;
  circle: TestCircle;
  turnPort: number;
  /** Speaks with the address and agent of a member from now on, or of a stranger. */
  as(who: TestMember | undefined): Record<string, string>;
  /** Loopback addresses from which the first two members reach the TURN server. */
  turnFrom: readonly [string, string];
}

/** Plays it. The first member only sends; the second one receives, deletes and calls; the others are in a group with them. */
export async function playHour({ url, circle, turnPort, as, turnFrom }: Stage): Promise<Hour> {
  const [sender, owner, ...group] = circle.members as [TestMember, TestMember, ...TestMember[]];
  const hour: Hour = { secrets: [], turnNames: [], blobs: [], refusals: [] };
  const refused = async (response: Promise<Response>) => hour.refusals.push(await outcome(await response));
  const tokens = new Map<TestMember, Bytes>();
  for (const member of circle.members) {
    as(member);
    tokens.set(member, await logIn(url, circle, member));
    hour.secrets.push(tokens.get(member) as Bytes);
  }
  const [sending, owning] = [tokens.get(sender) as Bytes, tokens.get(owner) as Bytes];

  // Texts, a file, and a message to a group.
  as(sender);
  const spare = await drawTokens(url, sending);
  for (const to of [owner, ...group])
    hour.blobs.push(...(await uploadBlobs(url, sending, to.keyHash, to === owner ? 40 : 4)));
  const ticket = await buyTicket(url, sending, owner.keyHash);
  const again = hour.blobs[0] as TestBlob;
  await refused(upload(url, ticket, again.frame.slice().fill(1, 100)));
  await refused(upload(url, randomBytes(32), (await makeBlob()).frame));
  await refused(spendToken(url, randomBytes(100), owner.keyHash));
  await refused(spendToken(url, spare[0] as Bytes, randomBytes(32)));
  hour.secrets.push(ticket, ...spare);

  // Strangers at the door, and members whose key slips.
  as(undefined);
  const stranger = await makeMember();
  const used = await askChallenge(url);
  await prove(url, circle, stranger, { nonce: used });
  await refused(prove(url, circle, stranger));
  await refused(prove(url, circle, owner, { nonce: used }));
  await refused(prove(url, circle, owner, { signature: randomBytes(64) }));
  hour.secrets.push(stranger.keyHash);

  // Reading and deleting, by session and by capability.
  as(owner);
  const [first, second, third] = hour.blobs as [TestBlob, TestBlob, TestBlob];
  await listMailbox(url, owning);
  const ids = hour.blobs.map(({ id }) => id);
  await (await fetchBlobs(url, owning, ids)).arrayBuffer();
  await (await readBlobs(url, [{ id: first.id, secret: first.readSecret }])).arrayBuffer();
  await deleteBlobs(url, [{ id: second.id, secret: second.deleteSecret }]);
  await deleteBlobs(url, [{ id: third.id, secret: randomBytes(32) }]);
  hour.secrets.push(...hour.blobs.flatMap(({ readSecret, deleteSecret }) => [readSecret, deleteSecret]));

  // A call of two: a room, seats, signals of each size, and allocations at the TURN server.
  const room = await makeRoom();
  const sitters = await Promise.all(
    [sender, owner].map(async (member) => {
      const token = tokens.get(member) as Bytes;
      const socket = await connectSocket(url, token, undefined, ['websocket'], as(member));
      return sitterOf(url, circle, member, socket);
    }),
  );
  for (const sitter of sitters) await sitter.join(room);
  const [here, there] = sitters as [(typeof sitters)[0], (typeof sitters)[0]];
  for (const size of [4_096, 16_384, 49_152]) {
    const box = randomBytes(size);
    hour.refusals.push(`signal ${await here.signal(there.seat, box)}`);
    hour.secrets.push(box.slice(0, 32));
  }
  hour.refusals.push(String(await here.join(room, { keyHash: owner.keyHash })));
  hour.secrets.push(room.id, room.publicKey, here.seat, there.seat);
  for (const [i, member] of [sender, owner].entries()) {
    as(member);
    const login = await getTurn(url, tokens.get(member) as Bytes);
    hour.turnNames.push(login.username, login.credential, login.username.split(':')[1] as string);
    hour.refusals.push(`turn ${await allocate(turnPort, login, turnFrom[i])}`);
    hour.refusals.push(`turn ${await allocate(turnPort, { ...login, credential: b64(randomBytes(20)) })}`);
  }
  for (const { socket } of sitters) socket.close();
  return hour;
}
