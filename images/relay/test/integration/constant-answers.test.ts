import { Agent, request } from 'node:http';
import { b64, concat, encodeCapabilities, ROUTES, randomBytes } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { buyTicket, makeBlob, upload, uploadBlobs } from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { askChallenge, logIn, makeCircle, makeMember, proofOf } from '../support/member.ts';
import type { RankComparison } from '../support/statistics.ts';
import { compareRanks } from '../support/statistics.ts';

/** Tries of each of two cases; 2,000 for a real verdict, some for every day. */
const TRIES = Number(process.env.RELAY_CONSTANT_TRIES ?? 150);
/**
 * Two cases differ when both hold: it is no chance (one in a million), and one is slower than the other so often (0.5 is never more than
 * the other) that whoever tries a few times can tell.
 */
const CHANCE = 1e-6;
const TELLING = 0.1;

const circle = await makeCircle();
const [member, other] = circle.members as [TestMember, TestMember];
let databaseUrl: string;
let relay: Relay;
let url: string;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  relay = await startRelay({ databaseUrl });
  url = relay.url;
});
afterAll(() => {
  agent.destroy();
  return relay.close();
});

interface Sent {
  path: string;
  type: string;
  body: Uint8Array;
  headers?: Record<string, string>;
}

/** All that an answer says: status, headers but for the date, and body. */
interface Answer {
  said: string;
  /** From the last byte of the request to the last of the answer, in milliseconds. */
  took: number;
}

/** One connection for all, so that opening them is not in the times. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function send({ path, type, body, headers }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { 'Content-Type': type, 'Content-Length': body.length, ...headers };
    const began = performance.now();
    const sent = request(url + path, { method: 'POST', headers: all, agent }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject).on('end', () => {
        const took = performance.now() - began;
        const names = response.rawHeaders.map((text, i) =>
          response.rawHeaders[i - (i % 2)] === 'Date' && i % 2 === 1 ? '' : text,
        );
        const said = [response.statusCode, ...names, Buffer.concat(pieces).toString('base64')].join('\n');
        resolve({ said, took });
      });
    });
    sent.on('error', reject).end(body);
  });
}

/** Makes the next request of a case; that is not in the time. */
type Case = () => Sent | Promise<Sent>;

/** Sends both cases as often, one after the other, the order of each pair by chance. */
async function compare(one: Case, two: Case): Promise<RankComparison> {
  const times: [number[], number[]] = [[], []];
  const answers = new Set<string>();
  const warmUp = 10;
  for (let i = -warmUp; i < TRIES; i++) {
    const first = (randomBytes(1)[0] ?? 0) % 2;
    for (const which of [first, 1 - first] as (0 | 1)[]) {
      const { said, took } = await send(await (which === 0 ? one : two)());
      answers.add(said);
      if (i >= 0) times[which].push(took);
    }
  }
  expect([...answers]).toHaveLength(1);
  return compareRanks(...times);
}

function expectAlike({ below, p }: RankComparison): void {
  const differs = p < CHANCE && Math.abs(below - 0.5) > TELLING;
  expect(differs, `one of them is faster in ${below} of all pairs, p = ${p}`).toBe(false);
}

const binary = 'application/octet-stream';
const frameOn = (ticket: Uint8Array, body: Uint8Array): Sent => ({
  path: ROUTES.blobs,
  type: binary,
  body,
  headers: { Authorization: `Relay-Ticket ${b64(ticket)}` },
});
const LONG = 60_000 + TRIES * 200;

test('a key that is not allowed, and a bad signature', { timeout: LONG }, async () => {
  const stranger = await makeMember();
  const session =
    (who: TestMember, isBad: boolean): Case =>
    async () => {
      const proof = await proofOf(url, circle, who, {
        nonce: await askChallenge(url),
        ...(isBad && { signature: randomBytes(64) }),
      });
      return { path: ROUTES.sessions, type: 'application/json', body: Buffer.from(JSON.stringify(proof)) };
    };
  expectAlike(await compare(session(stranger, false), session(member, true)));
  expectAlike(await compare(session(stranger, true), session(member, true)));
});

test('a ticket that was never sold, one that is spent, and one whose time is over', {
  timeout: LONG,
}, async () => {
  const token = await logIn(url, circle, member);
  const [spent, over] = [
    await buyTicket(url, token, other.keyHash),
    await buyTicket(url, token, other.keyHash),
  ];
  const hash = 'ticket_hash = sha256($1)';
  await sql(databaseUrl, `UPDATE ticket SET remaining = 0 WHERE ${hash}`, [spent]);
  await sql(databaseUrl, `UPDATE ticket SET expiry_minute = 1 WHERE ${hash}`, [over]);
  const { frame } = await makeBlob();
  const unknown = () => frameOn(randomBytes(32), frame);
  expectAlike(await compare(unknown, () => frameOn(spent, frame)));
  expectAlike(await compare(unknown, () => frameOn(over, frame)));
});

test.each([ROUTES.blobsRead, ROUTES.blobsDelete])(
  '%s: a wrong secret, and a blob that is not there',
  { timeout: LONG },
  async (path) => {
    const token = await logIn(url, circle, member);
    const blobs = await uploadBlobs(url, token, other.keyHash, 16);
    const ask = (ids: readonly Uint8Array[]): Sent => ({
      path,
      type: binary,
      body: encodeCapabilities(ids.map((id) => ({ id: Uint8Array.from(id), secret: randomBytes(32) }))),
    });
    const wrong = () => ask(blobs.map(({ id }) => id));
    const absent = () => ask(blobs.map(() => randomBytes(16)));
    expectAlike(await compare(wrong, absent));
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
  const into = (to: TestMember) => () => frameOn(tickets.get(to) as Uint8Array, body);
  expectAlike(await compare(into(other), into(member)));
});
