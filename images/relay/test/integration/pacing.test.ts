/** Who goes too fast is made to wait, and nobody else. What counts is who is answered before whom, whatever the machine. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes } from '@relay/protocol/wire';
import { b64, EVENTS, hex, ROUTES, readBlobFrames } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import type { TestBlob } from '../support/client.ts';
import {
  buyTicket,
  fetchBlobs,
  makeBlob,
  outcome,
  readFrames,
  upload,
  uploadBlobs,
} from '../support/client.ts';
import { makeDatabase } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import { connectSocket } from '../support/socket.ts';
import { until } from '../support/until.ts';

/** More than there is at once: a second of one megabyte. */
const BLOBS = 40;
/** More than a member's sockets may send at once, at 20 signals a second, and of a size that does not fit together into what a socket is read by. */
const EVENTS_SENT = 1_600;
const filler = 'x'.repeat(4_000);

/** By whose names packets were counted. */
const readers = vi.hoisted(() => new Set<string>());
vi.mock('../../src/limits/limits.ts', async (original) => {
  const sound = await original<typeof import('../../src/limits/limits.ts')>();
  const createLimits: typeof sound.createLimits = (...settings) => {
    const limits = sound.createLimits(...settings);
    const { packets } = limits;
    const owe: typeof packets.owe = (who, turns) => {
      readers.add(who);
      return packets.owe(who, turns);
    };
    return { ...limits, packets: { ...packets, owe } };
  };
  return { ...sound, createLimits };
});

const circle = await makeCircle();
const [hasty, other] = circle.members as [TestMember, TestMember];
/** It stands still, so that nobody gets anything back until a test says so. */
const clock = { now: Date.now() };
let relay: Relay;
let url: string;
let session: Bytes;
let neighbour: Bytes;
let mine: TestBlob[];
let theirs: TestBlob[];
beforeAll(async () => {
  const databaseUrl = await makeDatabase(circle);
  const unhurried = await startRelay({ databaseUrl });
  const token = await logIn(unhurried.url, circle, hasty);
  mine = await uploadBlobs(unhurried.url, token, hasty.keyHash, BLOBS);
  theirs = await uploadBlobs(unhurried.url, token, other.keyHash, 2);
  await unhurried.close();
  relay = await startRelay({
    databaseUrl,
    megabytesPerSecond: 1,
    signalsPerSecond: 20,
    addressRequestsPerMinute: 60,
    now: () => clock.now,
  });
  url = relay.url;
  [session, neighbour] = [await logIn(url, circle, hasty), await logIn(url, circle, other)];
});
afterAll(() => relay.close());

/** Whether something has come about. */
function watched<T>(promise: Promise<T>): { promise: Promise<T>; isDone(): boolean } {
  let done = false;
  const end = () => {
    done = true;
  };
  promise.then(end, end);
  return { promise, isDone: () => done };
}

const idsOf = (blobs: readonly TestBlob[]) => blobs.map(({ id }) => id);

test('a member that fetches faster than it may waits, and gets all of it', async () => {
  const { body } = await fetchBlobs(url, session, idsOf(mine));
  let got = 0;
  const all = watched(
    (async () => {
      for await (const _ of readBlobFrames(body as ReadableStream<Uint8Array>)) got++;
    })(),
  );
  // A megabyte holds 15.
  await until('it had what it may have at once', () => got >= 14);
  expect(await readFrames(await fetchBlobs(url, neighbour, idsOf(theirs)))).toHaveLength(2);
  expect(all.isDone()).toBe(false);
  clock.now += 60_000;
  await all.promise;
  expect(got).toBe(BLOBS);
});

/** Uploads from another address than usual. */
function uploadFrom(localAddress: string, ticket: Bytes, { frame }: TestBlob): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(
      url + ROUTES.blobs,
      {
        method: 'POST',
        localAddress,
        headers: {
          'Content-Type': 'application/octet-stream',
          Authorization: `Relay-Ticket ${b64(ticket)}`,
        },
      },
      async (answer) => resolve(`${answer.statusCode} ${await text(answer)}`.trim()),
    );
    asking.on('error', reject);
    asking.end(frame);
  });
}

test('an address that uploads faster than it may waits, by itself, and loses nothing', async () => {
  const ticket = await buyTicket(url, session, other.keyHash);
  const blobs = await Promise.all(Array.from({ length: 30 }, makeBlob));
  const all = watched(Promise.all(blobs.map(async ({ frame }) => outcome(await upload(url, ticket, frame)))));
  const alone = await makeBlob();
  expect(await uploadFrom('127.0.0.2', await buyTicket(url, session, other.keyHash), alone)).toBe('204');
  expect(all.isDone()).toBe(false);
  expect(new Set(await all.promise)).toEqual(new Set(['204']));
});

test('a member whose sockets send faster than they may is read later, on all of them, and no other', async () => {
  const [fast, slow] = [await connectSocket(url, session), await connectSocket(url, neighbour)];
  const second = await connectSocket(url, session);
  let answered = 0;
  const answers = Promise.all(
    Array.from({ length: EVENTS_SENT }, async () => {
      await fast.raw.emitWithAck('nonsense', filler);
      answered++;
    }),
  );
  // All that it may send at once: two packets for each unit of signals, twenty seconds of them.
  await until('its allowance was used up', () => answered >= 2 * 20 * 20);
  expect(await slow.ask(EVENTS.room, {})).toBe('ok');
  let more = 0;
  const moreAnswers = Promise.all(
    Array.from({ length: 200 }, async () => {
      await second.raw.emitWithAck('nonsense', filler);
      more++;
    }),
  );
  // Time enough for all of them, were they read.
  await Promise.race([answers, sleep(2_000)]);
  expect(answered).toBeLessThan(EVENTS_SENT);
  expect(more).toBeLessThan(200);
  clock.now += 60_000;
  await Promise.all([answers, moreAnswers]);
  expect(fast.events).toEqual(['hello']);
  for (const socket of [fast, slow, second]) socket.close();
  expect(readers).toEqual(new Set([hex(hasty.keyHash), hex(other.keyHash)]));
});

test('a connection by long polling, which cannot be left unread, ends', async () => {
  const fast = await connectSocket(url, session, undefined, ['polling']);
  for (let i = 0; i < EVENTS_SENT; i++) fast.raw.emit('nonsense', filler);
  await expect.poll(() => fast.events, { timeout: 20_000 }).toEqual(['hello', 'disconnect']);
  clock.now += 60_000;
  const again = await connectSocket(url, session, undefined, ['polling']);
  expect(await again.ask(EVENTS.room, {})).toBe('ok');
  again.close();
});

test('a handshake too many is refused after a while, so that whoever tries again at once gains nothing', async () => {
  const shake = () => fetch(`${url}/socket.io/?EIO=4&transport=polling`);
  const first = await Promise.all(Array.from({ length: 60 }, async () => (await shake()).status));
  expect(first).toContain(200);
  const refused = watched(shake());
  expect(await outcome(await fetch(url + ROUTES.challenge, { method: 'POST' }))).toBe('200');
  expect(refused.isDone()).toBe(false);
  // It may begin now, and is told so as soon as it shows whose it is.
  expect((await refused.promise).status).toBe(200);
  clock.now += 60_000;
});
