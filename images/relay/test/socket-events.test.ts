import { b64, EVENTS, RelayError, randomBytes } from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import type { EventParts } from '../src/socket/events.ts';
import { handleEvent } from '../src/socket/events.ts';
import type { RelaySocket } from '../src/socket/types.ts';

const keyHash = randomBytes(32);
const session = () => ({ keyHash, tokenHash: randomBytes(32), endsAt: Date.now() + 60_000 });

/** A socket that stands, at a relay whose answers to proofs of sessions are these, in order. */
function setUp(...proofs: (() => unknown)[]) {
  const said: unknown[] = [];
  const socket = {
    data: { token: randomBytes(32), session: session(), timer: undefined },
    join: async () => {},
    leave: async () => {},
    emit: (...event: unknown[]) => said.push(event),
    disconnect: () => said.push('disconnect'),
  } as unknown as RelaySocket;
  const parts = {
    rooms: {},
    limits: { members: { take: () => {} } },
    sessions: { authenticate: async () => proofs.shift()?.() },
    faults: (thrown: unknown) => thrown,
    now: Date.now,
  } as unknown as EventParts;
  const ask = (event: string, payload: unknown) =>
    handleEvent(socket, event, [payload, (ack: unknown) => said.push(ack)], parts).finally(() =>
      clearTimeout(socket.data.timer),
    );
  const renew = () => ask(EVENTS.renew, { token: b64(randomBytes(32)) });
  return { said, ask, renew };
}

const refusal = (code: string) => ({ error: expect.objectContaining({ code }) });

test.each([
  [EVENTS.room, 0],
  [EVENTS.leave, 0],
  [EVENTS.signal, 0],
  [EVENTS.join, 1],
  [EVENTS.renew, 1],
  ['unheard of', 1],
  ['toString', 1],
])('%s proves the session anew %i times, and what it carries is read only then', async (event, times) => {
  let proofs = 0;
  const { said, ask } = setUp(() => {
    proofs += 1;
    return session();
  });
  await ask(event, 'nothing that any event carries');
  expect(proofs).toBe(times);
  expect(said).toEqual([refusal('bad_request')]);
});

const refuse = (code: 'unauthenticated' | 'unavailable') => () => {
  throw new RelayError(code);
};

test('a session that is revoked while a socket moves to it takes the socket along', async () => {
  const { said, renew } = setUp(session, session, refuse('unauthenticated'));
  await renew();
  expect(said).toEqual([[EVENTS.bye, { code: 'session_ended' }], 'disconnect', refusal('unauthenticated')]);
});

test('a database that goes away while a socket moves to a newer session takes no socket along', async () => {
  const { said, renew } = setUp(session, session, refuse('unavailable'));
  await renew();
  expect(said).toEqual([refusal('unavailable')]);
});

test('a newer session that is none does not end the socket of the older one', async () => {
  const { said, renew } = setUp(session, refuse('unauthenticated'));
  await renew();
  expect(said).toEqual([refusal('unauthenticated')]);
});
