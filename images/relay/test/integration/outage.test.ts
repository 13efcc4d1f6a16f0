import { request } from 'node:http';
import type { Bytes } from '@relay/protocol/wire';
import { concat, errorAnswer, ROUTES } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../src/log.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay, startWorker } from '../../src/testing.ts';
import { table } from '../support/authorization-table.ts';
import {
  bearer,
  fetchBlobs,
  listMailbox,
  makeBlob,
  postBytes,
  readFrames,
  spendToken,
  upload,
  uploadBlobs,
} from '../support/client.ts';
import type { TestMember } from '../support/member.ts';
import { askChallenge, logIn, makeCircle, prove } from '../support/member.ts';
import type { OwnPostgres } from '../support/postgres.ts';
import { startOwnPostgres } from '../support/postgres.ts';
import { connectSocket } from '../support/socket.ts';
import { until, untilReady } from '../support/until.ts';

const circle = await makeCircle();
const [alice, bob] = circle.members as [TestMember, TestMember];
const lines: string[] = [];
let postgres: OwnPostgres;
let relay: Relay;
let url: string;
beforeAll(async () => {
  postgres = await startOwnPostgres(circle);
  relay = await startRelay({ databaseUrl: postgres.url, logTo: { write: (line) => void lines.push(line) } });
  url = relay.url;
  await untilReady(url);
});
// Side by side, so that a relay that does not close leaves no server behind.
afterAll(() => Promise.all([relay.close(), postgres.remove()]));

/** Knocks at every route that needs the database. */
async function knock(token: Bytes, nonce: Bytes): Promise<Map<string, Response>> {
  const frame = (await makeBlob()).frame;
  const asked: [string, Promise<Response>][] = [
    [`GET ${ROUTES.ready}`, fetch(url + ROUTES.ready)],
    [`POST ${ROUTES.challenge}`, fetch(url + ROUTES.challenge, { method: 'POST' })],
    [`POST ${ROUTES.sessions}`, prove(url, circle, alice, { nonce })],
    [`GET ${ROUTES.tokenKeys}`, fetch(url + ROUTES.tokenKeys)],
    [`POST ${ROUTES.tokens}`, postBytes(url + ROUTES.tokens, new Uint8Array(2_048), bearer(token))],
    // Of a key that the relay has yet to look for.
    [`POST ${ROUTES.tickets}`, spendToken(url, new Uint8Array(100).fill(255), bob.keyHash)],
    [`POST ${ROUTES.blobs}`, upload(url, token, frame)],
    [`POST ${ROUTES.blobsRead}`, postBytes(url + ROUTES.blobsRead, new Uint8Array(48))],
    [`POST ${ROUTES.blobsDelete}`, postBytes(url + ROUTES.blobsDelete, new Uint8Array(48))],
    [`GET ${ROUTES.mailbox}`, fetch(url + ROUTES.mailbox, { headers: bearer(token) })],
    [`POST ${ROUTES.mailboxFetch}`, fetchBlobs(url, token, [new Uint8Array(16)])],
    [
      `POST ${ROUTES.mailboxDelete}`,
      postBytes(url + ROUTES.mailboxDelete, new Uint8Array(16), bearer(token)),
    ],
    [`POST ${ROUTES.mailboxEmpty}`, postBytes(url + ROUTES.mailboxEmpty, new Uint8Array(), bearer(token))],
    [`POST ${ROUTES.sessionsEnd}`, postBytes(url + ROUTES.sessionsEnd, new Uint8Array(), bearer(token))],
    [`POST ${ROUTES.turn}`, fetch(url + ROUTES.turn, { method: 'POST', headers: bearer(token) })],
    [`GET ${ROUTES.rosterUpdate}`, fetch(url + ROUTES.rosterUpdate, { headers: bearer(token) })],
  ];
  return new Map(await Promise.all(asked.map(async ([name, answer]) => [name, await answer] as const)));
}

async function expectUnavailable(token: Bytes, nonce: Bytes): Promise<void> {
  for (const [name, answer] of await knock(token, nonce)) {
    expect([name, answer.status]).toEqual([name, 503]);
    expect(errorAnswer.parse(await answer.json()).error.code).toBe('unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
}

test('while the database is away every route but health answers 503, and all recovers by itself', async () => {
  const enter = async () => [await logIn(url, circle, alice), await askChallenge(url)] as const;
  const doors = new Set(table.map(({ door }) => door).filter((door) => !door.startsWith('socket')));
  expect([...(await knock(...(await enter()))).keys(), `GET ${ROUTES.health}`].sort()).toEqual(
    [...doors].sort(),
  );

  // Only now: knocking ended the session that it was done with.
  const [token, nonce] = await enter();
  const socket = await connectSocket(url, token);
  await postgres.stop();
  await expectUnavailable(token, nonce);
  expect((await fetch(url + ROUTES.health)).status).toBe(204);
  await expect(connectSocket(url, token)).rejects.toThrow('unavailable');
  expect(await socket.ask('renew', {})).toBe('unavailable');
  expect(socket.raw.connected).toBe(true);

  await postgres.restart();
  await untilReady(url);
  await until('the socket was told to look for itself', () => socket.events.at(-1) === 'resync');
  expect(await listMailbox(url, token)).toEqual([]);
  socket.close();
  expect(lines.filter((line) => line.includes('the database is away'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('the database is back'))).toHaveLength(1);
  expect(lines.length).toBeLessThan(20);
});

test('a crash of the database ends sessions, and downloads in mid-stream, and nothing else', async () => {
  const token = await logIn(url, circle, bob);
  const socket = await connectSocket(url, token);
  const blobs = await uploadBlobs(url, await logIn(url, circle, alice), bob.keyHash, 256);
  const ids = blobs.map(({ id }) => id);
  const cut = new Promise((resolve, reject) => {
    const headers = { ...bearer(token), 'Content-Type': 'application/octet-stream' };
    const asking = request(url + ROUTES.mailboxFetch, { method: 'POST', headers }, async (response) => {
      await postgres.kill9();
      response
        .on('error', resolve)
        .on('end', () => reject(new Error('the download was whole')))
        .resume();
    });
    asking.end(concat(...ids));
  });
  await cut;
  await postgres.restart();
  await untilReady(url);
  await until('the socket ended', () => socket.raw.disconnected);
  expect(socket.events).toContain('bye session_ended');
  const frames = await readFrames(await fetchBlobs(url, await logIn(url, circle, bob), ids));
  expect(frames).toHaveLength(256);
});

test('relay and worker start while the database is away, and serve when it is there', async () => {
  await postgres.stop();
  const early = await startRelay({ databaseUrl: postgres.url });
  const worker = await startWorker(
    { databaseUrl: postgres.url, workerSchedule: '0 0 1 1 *' },
    createLogger('worker', 'silent'),
  );
  await worker.started;
  expect((await fetch(`${early.url}/healthz`)).status).toBe(204);
  expect((await fetch(`${early.url}/readyz`)).status).toBe(503);
  await postgres.restart();
  await untilReady(early.url);
  await logIn(early.url, circle, alice);
  await worker.close();
  await early.close();
});
