import { b64, concat, EVENTS, encodeSignalFrame, ROUTES, randomBytes } from '@relay/protocol/wire';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { bearer, buyTicket, makeBlob, upload, uploadBlobs } from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import { putFigures } from '../support/figures.ts';
import type { Leak } from '../support/leaks.ts';
import type { TestMember } from '../support/member.ts';
import { askChallenge, logIn, makeCircle, makeMember, proofOf } from '../support/member.ts';
import type { TestRoom } from '../support/rooms.ts';
import { makeRoom, sitterOf } from '../support/rooms.ts';
import type { Answer, Case, Sent } from '../support/same-answers.ts';
import { BINARY, capabilities, compareAnswers, createAsker, frameOn, json } from '../support/same-answers.ts';
import { connectSocket } from '../support/socket.ts';

/** Tries of each of two cases; 2,000 for a real verdict, some for every day. */
const TRIES = Number(process.env.RELAY_CONSTANT_TRIES ?? 150);
const LONG = 60_000 + TRIES * 200;
/** What leaves out a check is found within so many tries, mostly within a quarter of them. */
const PATIENCE = 2_000;
const PATIENT = { timeout: 60_000 + PATIENCE * 200 };

// The relay of this file can leave out a check, so that the comparison is seen to find that.
const leak = vi.hoisted((): Leak => ({ now: undefined }));
vi.mock('../../src/sessions/repository.ts', async (original) => {
  const sound = await original<typeof import('../../src/sessions/repository.ts')>();
  const { leakySessions } = await import('../support/leaks.ts');
  return { ...sound, createSessionRepository: leakySessions(sound.createSessionRepository, leak) };
});
vi.mock('../../src/blobs/repository.ts', async (original) => {
  const sound = await original<typeof import('../../src/blobs/repository.ts')>();
  const { leakyBlobs } = await import('../support/leaks.ts');
  return { ...sound, createBlobRepository: leakyBlobs(sound.createBlobRepository, leak) };
});

const circle = await makeCircle();
const [member, other] = circle.members as [TestMember, TestMember];
let databaseUrl: string;
let relay: Relay;
let url: string;
let asker: ReturnType<typeof createAsker>;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  // Room for all the tickets that so many tries buy within minutes.
  relay = await startRelay({ databaseUrl, mailboxMaxBlobs: 1_000_000 });
  url = relay.url;
  asker = createAsker(url);
});
afterEach(() => {
  leak.now = undefined;
});
afterAll(() => {
  const command = `RELAY_FIGURES=write RELAY_CONSTANT_TRIES=${TRIES} npx vitest run --project=integration images/relay/test/integration/constant-answers.test.ts`;
  const lines = noted.map(([name, words]) => `- ${name}: ${words}.`);
  putFigures('answers', command, lines.join('\n'));
  asker.close();
  return relay.close();
});

/** A case over HTTP. */
const over =
  (make: () => Sent | Promise<Sent>): Case =>
  async () => {
    const sent = await make();
    return () => asker.ask(sent);
  };

/** What was measured, by case. */
const noted: [name: string, words: string][] = [];

async function expectSame(expected: string, one: Case, two: Case): Promise<void> {
  const { answers, differs, words } = await compareAnswers(one, two, TRIES);
  expect(answers).toEqual([expected]);
  expect(differs, words).toBe(false);
  noted.push([expect.getState().currentTestName ?? '', words]);
}

/** A session proof, honest or with a signature out of the blue. */
const session = (who: TestMember, isBad: boolean): Case =>
  over(async () => {
    const nonce = await askChallenge(url);
    const changes = isBad ? { nonce, signature: randomBytes(64) } : { nonce };
    return json(ROUTES.sessions, await proofOf(url, circle, who, changes));
  });
test('a key that is not allowed, and a bad signature', { timeout: 2 * LONG }, async () => {
  const stranger = await makeMember();
  await expectSame('401 unauthenticated', session(stranger, false), session(member, true));
  await expectSame('401 unauthenticated', session(stranger, true), session(member, true));
});

test('a nonce that was never given, and one that was used', { timeout: LONG }, async () => {
  const used = await askChallenge(url);
  await asker.ask(json(ROUTES.sessions, await proofOf(url, circle, member, { nonce: used })));
  const proof = async (nonce: typeof used) =>
    json(ROUTES.sessions, await proofOf(url, circle, member, { nonce }));
  await expectSame(
    '401 challenge_invalid',
    over(() => proof(randomBytes(32))),
    over(() => proof(used)),
  );
});

test('a session that never was, and one that has ended', { timeout: LONG }, async () => {
  const ended = await logIn(url, circle, member);
  await sql(databaseUrl, 'UPDATE session SET expiry_minute = 1 WHERE token_hash = sha256($1)', [ended]);
  const list = (token: typeof ended): Sent => ({
    path: ROUTES.mailbox,
    method: 'GET',
    headers: bearer(token),
  });
  await expectSame(
    '401 unauthenticated',
    over(() => list(randomBytes(32))),
    over(() => list(ended)),
  );
});

test('a forged token, for a member and for nobody', { timeout: LONG }, async () => {
  const token = await logIn(url, circle, member);
  await buyTicket(url, token, other.keyHash);
  const ask = (recipient: Uint8Array) => () =>
    json(
      ROUTES.tickets,
      { recipient: b64(recipient) },
      { Authorization: `Relay-Token ${b64(randomBytes(100))}` },
    );
  await expectSame('401 token_invalid', over(ask(other.keyHash)), over(ask(randomBytes(32))));
});

test('a ticket that was never sold, one that is spent, and one whose time is over', {
  timeout: 2 * LONG,
}, async () => {
  const token = await logIn(url, circle, member);
  const [spent, late] = [
    await buyTicket(url, token, other.keyHash),
    await buyTicket(url, token, other.keyHash),
  ];
  const hash = 'ticket_hash = sha256($1)';
  await sql(databaseUrl, `UPDATE ticket SET remaining = 0 WHERE ${hash}`, [spent]);
  await sql(databaseUrl, `UPDATE ticket SET expiry_minute = 1 WHERE ${hash}`, [late]);
  const { frame } = await makeBlob();
  const unknown = over(() => frameOn(randomBytes(32), frame));
  await expectSame(
    '401 ticket_invalid',
    unknown,
    over(() => frameOn(spent, frame)),
  );
  await expectSame(
    '401 ticket_invalid',
    unknown,
    over(() => frameOn(late, frame)),
  );
});

test.each([ROUTES.blobsRead, ROUTES.blobsDelete])(
  '%s: a wrong secret, and a blob that is not there',
  { timeout: LONG },
  async (path) => {
    const blobs = await uploadBlobs(url, await logIn(url, circle, member), other.keyHash, 16);
    await expectSame(
      '200',
      over(() =>
        capabilities(
          path,
          blobs.map(({ id }) => id),
        ),
      ),
      over(() =>
        capabilities(
          path,
          blobs.map(() => randomBytes(16)),
        ),
      ),
    );
  },
);

test.each([ROUTES.mailboxFetch, ROUTES.mailboxDelete])(
  '%s: blobs of another mailbox, and blobs that are not there',
  { timeout: LONG },
  async (path) => {
    const token = await logIn(url, circle, member);
    const blobs = await uploadBlobs(url, token, other.keyHash, 16);
    const ask = (ids: readonly Uint8Array[]): Sent => ({
      ...{ path, type: BINARY, headers: bearer(token) },
      body: concat(...ids),
    });
    await expectSame(
      '200',
      over(() => ask(blobs.map(({ id }) => id))),
      over(() => ask(blobs.map(() => randomBytes(16)))),
    );
  },
);

test('an id that is taken, in the mailbox that the ticket opens and in another one', {
  timeout: LONG,
}, async () => {
  const token = await logIn(url, circle, member);
  const taken = await makeBlob();
  const first = await upload(url, await buyTicket(url, token, other.keyHash), taken.frame);
  expect(first.status).toBe(204);
  const tickets = new Map<TestMember, Uint8Array>();
  for (const to of [member, other]) tickets.set(to, await buyTicket(url, token, to.keyHash));
  await sql(databaseUrl, 'UPDATE ticket SET remaining = 32767, expiry_minute = 2000000000');
  // All but the last byte is the same, which is as much as there is to compare.
  const body = concat(taken.frame.subarray(0, -1), Uint8Array.of((taken.frame.at(-1) ?? 0) ^ 1));
  const into = (to: TestMember) => over(() => frameOn(tickets.get(to) as Uint8Array, body));
  await expectSame('409 blob_conflict', into(other), into(member));
});

test('rooms: a bad proof, and a signal to no seat, where people sit and where nobody does', {
  timeout: 2 * LONG,
}, async () => {
  const enter = async (who: TestMember) =>
    sitterOf(url, circle, who, await connectSocket(url, await logIn(url, circle, who)));
  const [sitting, asking] = [await enter(other), await enter(member)];
  const [taken, own] = [await makeRoom(), await makeRoom()];
  await sitting.join(taken);
  await asking.join(own);
  const seat = asking.seat;
  const timed = async (ask: () => Promise<unknown>): Promise<Answer> => {
    const began = performance.now();
    const said = String(await ask());
    return { said, took: performance.now() - began };
  };
  // A nonce is asked for in the same breath, which takes both cases as long.
  const join = (room: () => Promise<TestRoom>): Case => {
    return async () => {
      const to = await room();
      return () => timed(() => asking.join(to, { signature: randomBytes(64) }));
    };
  };
  await expectSame(
    'room_refused',
    join(async () => taken),
    join(makeRoom),
  );
  const box = randomBytes(4_096);
  const signal = (to: () => Uint8Array): Case => {
    return async () => {
      const frame = Buffer.from(encodeSignalFrame({ from: seat, to: Uint8Array.from(to()), box }));
      return () => timed(() => asking.socket.ask(EVENTS.signal, frame));
    };
  };
  await expectSame(
    'seat_unknown',
    signal(() => sitting.seat),
    signal(() => randomBytes(32)),
  );
  for (const { socket } of [sitting, asking]) socket.close();
});

test(
  'the comparison finds one signature that is not checked for keys that are not allowed',
  PATIENT,
  async () => {
    leak.now = 'signature of unknown keys';
    const verdict = await compareAnswers(
      session(await makeMember(), true),
      session(member, true),
      150,
      PATIENCE,
    );
    expect(verdict.answers).toHaveLength(1);
    expect(verdict.differs, verdict.words).toBe(true);
    noted.push([expect.getState().currentTestName ?? '', verdict.words]);
  },
);

test(
  'the comparison finds one statement that is left out for blobs that are not there',
  PATIENT,
  async () => {
    leak.now = 'secrets of absent blobs';
    const { id } = (await uploadBlobs(url, await logIn(url, circle, member), other.keyHash, 1))[0] as {
      id: Uint8Array;
    };
    const verdict = await compareAnswers(
      over(() => capabilities(ROUTES.blobsDelete, [randomBytes(16)])),
      over(() => capabilities(ROUTES.blobsDelete, [id])),
      150,
      PATIENCE,
    );
    expect(verdict.answers).toHaveLength(1);
    expect(verdict.differs, verdict.words).toBe(true);
    noted.push([expect.getState().currentTestName ?? '', verdict.words]);
  },
);
