/** Every route and every event of a real relay on hostile input, for as long as `make fuzz` says: closed codes come out, nothing hangs, memory does not grow. */
import { randomFillSync } from 'node:crypto';
import {
  b64,
  ERROR_CODES,
  EVENTS,
  errorAnswer,
  ROUTES,
  randomBytes,
  SIGNAL_BOX_BYTES,
} from '@relay/protocol/wire';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FUZZ_IS_LONG, FUZZ_TIMEOUT_MS, fuzz, memoryInUse } from '../../../../protocol/test/support/fuzz.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { buyTicket, listMailbox, makeBlob, upload } from '../support/client.ts';
import { makeDatabase } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import type { TestSocket } from '../support/socket.ts';
import { connectSocket } from '../support/socket.ts';

/** Milliseconds after which an answer counts as none. */
const HANGS = 12_000;
const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };

const circle = await makeCircle();
const [member] = circle.members as [TestMember];
let relay: Relay;
let token: Uint8Array<ArrayBuffer>;
let logged = '';

beforeAll(async () => {
  const logTo = {
    write(line: string) {
      logged += line;
    },
  };
  relay = await startRelay({ databaseUrl: await makeDatabase(circle), logTo });
  token = await logIn(relay.url, circle, member);
});
afterAll(() => relay.close());

/** The relay does what it did before, and nothing in it was a fault of its own. */
async function isWell(): Promise<void> {
  const ticket = await buyTicket(relay.url, token, member.keyHash);
  const { id, frame } = await makeBlob();
  expect((await upload(relay.url, ticket, frame)).status).toBe(204);
  expect((await listMailbox(relay.url, token)).map((entry) => b64(entry.id))).toContain(b64(id));
  expect(logged).not.toMatch(/"level":[56]0/);
}

const bytes = fc.uint8Array({ maxLength: 2_000, size: 'max' });
const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
const sizes = [0, 16, 32, 48, 64, 100, 2_048, 65_536, 65_616, 65_617];
const sized = fc.constantFrom(...sizes).map((size) => randomFillSync(new Uint8Array(size)));
const requests = fc.record({
  path: fc.constantFrom(...Object.values(ROUTES)),
  method: fc.constantFrom('POST', 'GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'),
  type: fc.constantFrom(
    'application/octet-stream',
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    '',
  ),
  scheme: fc.constantFrom('Bearer', 'Relay-Token', 'Relay-Ticket', 'Basic', ''),
  credential: fc.oneof(
    fc.constant('own'),
    bytes.map((some) => b64(some.slice(0, 120))),
    fc.stringMatching(/^[\x21-\x7e]{0,60}$/),
  ),
  body: fc.oneof(bytes, json, sized),
});

test('routes answer anything with a code of the closed set', TIMEOUT, async () => {
  await fuzz(
    'routes',
    requests,
    async ({ path, method, type, scheme, credential, body }) => {
      // Nobody is to empty the mailbox or end the session that the test goes on with.
      if (credential === 'own' && path === ROUTES.sessionsEnd) return;
      const shown = credential === 'own' ? b64(token) : credential;
      const response = await fetch(relay.url + path, {
        method,
        headers: {
          ...(type === '' ? {} : { 'content-type': type }),
          ...(scheme === '' ? {} : { authorization: `${scheme} ${shown}` }),
        },
        ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
        signal: AbortSignal.timeout(HANGS),
      });
      const text = await response.text();
      // There is no TURN server here, which is the one thing that it may say of itself.
      if (path !== ROUTES.turn) expect(response.status).toBeLessThan(500);
      if (response.status < 400 || method === 'HEAD') return;
      expect(ERROR_CODES).toContain(errorAnswer.parse(JSON.parse(text)).error.code);
    },
    { runs: 150 },
  );
  await isWell();
});

/** Frames of signals, and what is nearly one. */
const frame = fc
  .tuple(fc.constantFrom(...SIGNAL_BOX_BYTES), fc.constantFrom(0, 0, 0, -1, 1))
  .map(([box, off]) => randomFillSync(Buffer.alloc(64 + box + off)));
const payload = fc.oneof(
  fc.anything({ maxDepth: 3, withNullPrototype: false }).filter((value) => isJson(value)),
  bytes.map((some) => Buffer.from(some)),
  fc.record({
    seat: fc.oneof(fc.constant(b64(randomBytes(32))), fc.string()),
    roomKey: fc.oneof(fc.constant(b64(randomBytes(32))), fc.string()),
    signature: fc.oneof(fc.constant(b64(randomBytes(64))), fc.string()),
    token: fc.oneof(fc.constant(b64(randomBytes(32))), fc.string()),
  }),
);

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

/** Sends an event past what a client's library lets through, bytes as the attachments that they are on the wire. */
function write({ io: { engine } }: TestSocket['raw'], event: unknown[]): void {
  const attached = event.filter((part) => part instanceof Uint8Array);
  let num = 0;
  const named = event.map((part) => (part instanceof Uint8Array ? { _placeholder: true, num: num++ } : part));
  // The engine puts its own `4` before it.
  engine.write(`${num === 0 ? '2' : `5${num}-`}${JSON.stringify(named)}`);
  for (const part of attached) engine.write(part);
}

test(
  'sockets answer any event, or are closed with a reason, and others notice nothing',
  TIMEOUT,
  async () => {
    const names = fc.constantFrom(...Object.values(EVENTS));
    const events = fc.oneof(
      fc.record({
        name: fc.oneof(names, fc.constantFrom('connect', 'disconnecting', 'error', '')),
        payloads: fc.array(payload, { maxLength: 3 }),
      }),
      // One payload is what a handler looks at.
      fc.record({ name: names, payloads: fc.tuple(payload) }),
      fc.record({ name: fc.constant(EVENTS.signal), payloads: fc.tuple(fc.oneof(frame, payload)) }),
    );
    let socket = await connectSocket(relay.url, token);
    const witness = await connectSocket(relay.url, token);
    await fuzz(
      'events',
      events,
      async ({ name, payloads }) => {
        if (!socket.raw.connected) socket = await connectSocket(relay.url, token);
        write(socket.raw, [name, ...payloads]);
        const asked = socket.ask('leave', { seat: b64(randomBytes(32)) });
        const ended = new Promise<string>((resolve) =>
          socket.raw.once('disconnect', () => resolve('closed')),
        );
        expect(['ok', 'closed', ...ERROR_CODES]).toContain(await Promise.race([asked, ended]));
      },
      { runs: 150 },
    );
    expect(await witness.ask('leave', { seat: b64(randomBytes(32)) })).toBe('ok');
    expect(witness.events).not.toContain('disconnect');
    for (const one of [socket, witness]) one.close();
    await isWell();
  },
);

test(
  'packets below the events are no packets: the connection ends, and the relay goes on',
  TIMEOUT,
  async () => {
    const packets = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        '4',
        '40',
        '42',
        '45-1',
        '451-["signal",{"_placeholder":true,"num":9}]',
        '6',
        '2probe',
        '42["',
        '4299999999999["leave"]',
      ),
    );
    await fuzz(
      'packets',
      packets,
      async (packet) => {
        const url = `${relay.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
        const raw = new WebSocket(url);
        await new Promise((resolve) => raw.addEventListener('open', resolve, { once: true }));
        const closed = new Promise((resolve) => raw.addEventListener('close', resolve, { once: true }));
        raw.send(packet);
        raw.close();
        await closed;
      },
      { runs: 40 },
    );
    await isWell();
  },
);

test('what was refused leaves nothing in memory', TIMEOUT, async () => {
  const flood = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const response = await fetch(relay.url + ROUTES.tickets, {
        method: 'POST',
        headers: { authorization: `Relay-Token ${b64(randomBytes(100))}` },
        body: randomBytes(32),
      });
      await response.arrayBuffer();
    }
  };
  await flood(100);
  const before = await memoryInUse();
  await flood(FUZZ_IS_LONG ? 5_000 : 500);
  // Half a megabyte for each hundred would be a body that is kept.
  expect((await memoryInUse()) - before).toBeLessThan(64_000_000);
  await isWell();
});
