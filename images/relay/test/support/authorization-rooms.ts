import { b64, EVENTS, encodeSignalFrame, randomBytes } from '@relay/protocol/wire';
import type { Row } from './authorization-row.ts';
import { onlySockets, withSocket } from './authorization-row.ts';
import type { Caller, Stage } from './callers.ts';
import type { TestMember } from './member.ts';
import { logIn } from './member.ts';
import type { Sitter } from './rooms.ts';
import { makeRoom, sitterOf } from './rooms.ts';
import { connectSocket } from './socket.ts';

/** Tries something with a socket beside one of the owner, who sits in a room. */
function besideOwner(
  stage: Stage,
  caller: Caller,
  act: (own: Sitter, owner: Sitter, room: Awaited<ReturnType<typeof makeRoom>>) => Promise<string>,
): Promise<string> {
  return withSocket(stage, caller, async (socket) => {
    const { circle, member } = stage.callers.owner;
    const theirs = await connectSocket(stage.url, await logIn(stage.url, circle, member));
    const owner = sitterOf(stage.url, circle, member, theirs);
    const room = await makeRoom();
    await owner.join(room);
    const own = sitterOf(stage.url, circle, caller.member as TestMember, socket);
    return act(own, owner, room).finally(theirs.close);
  });
}

/** Rows of the rooms of calls. */
export const roomRows: Row[] = [
  {
    door: `socket ${EVENTS.room}`,
    attempt: 'ask for a nonce',
    act: (stage, caller) => withSocket(stage, caller, ({ ask }) => ask(EVENTS.room, {})),
    outcome: onlySockets('ok'),
  },
  {
    door: `socket ${EVENTS.join}`,
    attempt: 'join with the secret of the room',
    act: (stage, caller) =>
      besideOwner(stage, caller, async (own, _owner, room) =>
        Array.isArray(await own.join(room)) ? 'joined' : 'refused',
      ),
    outcome: onlySockets('joined'),
  },
  {
    door: `socket ${EVENTS.join}`,
    attempt: 'join without the secret of the room',
    act: (stage, caller) =>
      besideOwner(stage, caller, async (own, _owner, room) => {
        const { sign } = await makeRoom();
        return `${await own.join({ ...room, sign })}`;
      }),
    outcome: onlySockets('room_refused'),
  },
  {
    door: `socket ${EVENTS.leave}`,
    attempt: 'take the owner off its seat',
    act: (stage, caller) =>
      besideOwner(stage, caller, async (own, owner, room) => {
        await own.socket.ask(EVENTS.leave, { seat: b64(owner.seat) });
        const seats = await own.join(room);
        return `${seats.length} there`;
      }),
    outcome: onlySockets('1 there'),
  },
  {
    door: `socket ${EVENTS.signal}`,
    attempt: 'signal the owner from a seat of another room',
    act: (stage, caller) =>
      besideOwner(stage, caller, async (own, owner) => {
        await own.join(await makeRoom());
        const frame = encodeSignalFrame({ from: own.seat, to: owner.seat, box: randomBytes(4_096) });
        return own.socket.ask(EVENTS.signal, Buffer.from(frame));
      }),
    outcome: onlySockets('seat_unknown'),
  },
];
