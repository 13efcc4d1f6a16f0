/** What a hostile relay answers, and chunks as it hands them out: for as long as `make fuzz` says, nothing hangs or fills memory, and codes of the closed set come out. */
import type { CborValue } from '@relay/protocol';
import {
  BLOB_BYTES,
  BLOB_FRAME_BYTES,
  b64,
  concat,
  ERROR_CODES,
  fromHex,
  isRelayError,
  MAX_FILE_BYTES,
  RelayError,
  randomBytes,
} from '@relay/protocol';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { nearly } from '../../protocol/test/support/changes.ts';
import { FUZZ_TIMEOUT_MS, fuzz, memoryInUse } from '../../protocol/test/support/fuzz.ts';
import type { DownloadParts } from '../src/state/files/download.ts';
import { Download } from '../src/state/files/download.ts';
import { chunkIdsOf } from '../src/state/sending/chunk-ids.ts';
import { loadLongText } from '../src/state/sending/long-text.ts';
import { RelayHttp } from '../src/transport/http.ts';
import type { FileMember } from './support/files-edge.ts';
import { contentOf, deliver, FileRelay, fileRecord, openMembers, testSink } from './support/files-edge.ts';

const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };
const CHUNK = 65_520;
const CONTENT = contentOf(3 * CHUNK + 77);
let alice: FileMember;
let bob: FileMember;
let sent: Awaited<ReturnType<typeof deliver>>;
let blobs: { id: Uint8Array; blob: Uint8Array }[];

beforeAll(async () => {
  [alice, bob] = (await openMembers(2)) as [FileMember, FileMember];
  const relay = new FileRelay();
  sent = await deliver(alice, bob, relay, CONTENT);
  blobs = [];
  for await (const frame of relay.readerOf(bob.id).fetch(sent.ids.map(fromHex))) blobs.push(frame);
});

/** One blob of a file as a relay may hand it out: which one of them (or one of its own making), with what bit changed, in how many bytes. */
const handed = fc.record({
  of: fc.nat({ max: 4 }),
  under: fc.nat({ max: 4 }),
  flip: fc.option(fc.nat({ max: BLOB_BYTES * 8 - 1 }), { freq: 4 }),
  length: fc.constantFrom(BLOB_BYTES, BLOB_BYTES, BLOB_BYTES, 0, 1, BLOB_BYTES - 1, BLOB_BYTES + 1),
});
type Handing = (typeof handed extends fc.Arbitrary<infer T> ? T : never)[];
const HONEST: Handing = [0, 1, 2, 3].map((of) => ({ of, under: of, flip: null, length: BLOB_BYTES }));
/** All of them: any at all, or the honest ones with two that are not, at most. */
const handing = fc.oneof(
  fc.array(handed, { maxLength: 12 }),
  fc
    .array(fc.tuple(fc.nat({ max: 3 }), handed), { maxLength: 2 })
    .map((changes) => changes.reduce((list, [at, one]) => list.with(at, one), HONEST)),
);

async function* handedOut(list: Handing) {
  for (const { of, under, flip, length } of list) {
    const blob = new Uint8Array(length);
    blob.set((blobs[of]?.blob ?? randomBytes(BLOB_BYTES)).subarray(0, length));
    if (flip !== null && flip >> 3 < length) blob[flip >> 3] = (blob[flip >> 3] ?? 0) ^ (1 << (flip & 7));
    yield { id: blobs[under]?.id ?? randomBytes(16), blob };
  }
}

const FAULTS = ['file_mismatch', 'chunk_forged', 'blob_size'];

it('a file is put together as it was, or not at all', TIMEOUT, async () => {
  const record = fileRecord(alice.id, { size: CONTENT.length, hash: sent.hash }, { fileKey: sent.fileKey });
  let joined = 0;
  await fuzz('chunks', handing, async (list) => {
    const hand = () => handedOut(list);
    const parts: DownloadParts = { vault: bob.vault, fetch: hand, read: hand };
    const sink = testSink();
    const fault = await new Download(parts, record, sink, { received: () => {}, halted: () => false }).run();
    if (fault !== undefined) expect(FAULTS).toContain(isRelayError(fault) ? fault.code : fault);
    expect(sink.end).toBe(fault === undefined ? 'closed' : 'aborted');
    if (fault !== undefined) return;
    joined++;
    expect(Buffer.compare(Buffer.concat(sink.written), CONTENT)).toBe(0);
  });
  expect(joined).toBeGreaterThan(0);
});

it('a file whose record says something else of it is not put together', TIMEOUT, async () => {
  const sizes = fc.oneof(
    fc.nat({ max: 5 * CHUNK }),
    fc.maxSafeInteger().map(Math.abs),
    fc.constant(2 ** 53 - 1),
  );
  const claims = fc.record({ size: sizes, key: fc.boolean(), hash: fc.boolean() });
  await fuzz('claims of a file', claims, async ({ size, key, hash }) => {
    const file = { size, hash: hash ? sent.hash : randomBytes(32) };
    const record = fileRecord(alice.id, file, { fileKey: key ? sent.fileKey : randomBytes(32) });
    const hand = () => handedOut(HONEST);
    const parts: DownloadParts = { vault: bob.vault, fetch: hand, read: hand };
    const fault = await new Download(parts, record, testSink(), {
      received: () => {},
      halted: () => false,
    }).run();
    const isRight = size === CONTENT.length && key && hash;
    if (!isRight) expect(FAULTS).toContain(isRelayError(fault) ? fault.code : fault);
  });
});

it('a long text is joined as it was, or not at all', TIMEOUT, async () => {
  const request = {
    peer: alice.id,
    sent: false,
    fileKey: sent.fileKey,
    size: CONTENT.length,
    hash: sent.hash,
  };
  await fuzz('chunks of a text', handing, async (list) => {
    const hand = () => handedOut(list);
    const parts = { vault: bob.vault, fetch: hand, read: hand, waiting: async () => undefined };
    // Random bytes are no text, so it is refused even where all of it came.
    await expect(loadLongText(parts, request)).rejects.toMatchObject({ code: expect.toBeOneOf(FAULTS) });
  });
});

it('the chunks of the biggest file are counted without memory for all of them', TIMEOUT, async () => {
  const before = await memoryInUse();
  const request = {
    peer: alice.id,
    sent: false,
    fileKey: sent.fileKey,
    size: MAX_FILE_BYTES,
    hash: sent.hash,
  };
  let windows = 0;
  for await (const ids of chunkIdsOf(bob.vault, request)) {
    expect(new Set(ids).size).toBe(1_024);
    if (++windows === 3) break;
  }
  expect((await memoryInUse()) - before).toBeLessThan(16_000_000);
});

/** A relay that answers whatever it is asked with these bytes, in these pieces. */
function answering(status: number, pieces: Iterable<Uint8Array>): RelayHttp {
  const fetcher = async () => new Response(status === 204 ? null : streamOf(pieces), { status });
  return new RelayHttp('https://relay.example', fetcher as typeof fetch);
}

function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const next = rest.next();
      if (next.done) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
  });
}

async function drained(frames: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of frames) count += 1;
  return count;
}

const token = new Uint8Array(32);
const calls: ((http: RelayHttp) => Promise<unknown>)[] = [
  (http) => http.challenge(),
  (http) => http.openSession(token, { bundle: new Uint8Array(1_280), signature: new Uint8Array(64) }),
  (http) => http.tokenKeys(),
  (http) => http.drawTokens(token, new Uint8Array(2_048)),
  (http) => http.buyTicket(new Uint8Array(100), token),
  (http) => http.listMailbox(token),
  (http) => http.rosterUpdate(token),
  (http) => http.turnCredentials(token),
  (http) => http.emptyMailbox(token),
  (http) => http.endSessions(token),
  (http) => http.deleteBlobs(token, [new Uint8Array(16)]),
  (http) => http.deleteByCapability([{ id: new Uint8Array(16), secret: token }]),
  (http) => http.upload(token, token),
  (http) => drained(http.fetchBlobs(token, [new Uint8Array(16)])),
  (http) => drained(http.readBlobs([{ id: new Uint8Array(16), secret: token }])),
];

const bytes = (n: number) => b64(new Uint8Array(n).fill(1));
const issued = { epoch: 4, publicKey: bytes(32) };
/** Answers that some call takes. */
const ANSWERS: readonly CborValue[] = [
  { protocol: [1], nonce: bytes(32), expiresIn: 60 },
  { token: bytes(32), expiresIn: 900 },
  { keys: [{ ...issued, ends: 9 }] },
  { ...issued, evaluated: bytes(2_048), proof: bytes(64) },
  { ticket: bytes(32), blobs: 8, room: 64, capacity: 4_096, expiresIn: 300 },
  { deleted: 3 },
  { urls: ['turn:turn.example:3478'], username: '1790000000:x', credential: 'x', expiresIn: 60 },
];

it('takes each of the answers that others are made of', async () => {
  const taken = async (call: (typeof calls)[number], answer: CborValue) =>
    call(answering(200, [Buffer.from(JSON.stringify(answer))])).then(
      () => true,
      () => false,
    );
  for (const answer of ANSWERS) {
    const all = await Promise.all(calls.map((call) => taken(call, answer)));
    expect(all).toContain(true);
  }
});

it('whatever a relay answers, codes of the closed set come of it', TIMEOUT, async () => {
  const bodies = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc
      .constantFrom(...ANSWERS)
      .chain(nearly)
      .map((answer) => Buffer.from(JSON.stringify(answer))),
    fc.uint8Array({ maxLength: 500 }),
    fc
      .constantFrom(...ERROR_CODES)
      .map((code) => Buffer.from(JSON.stringify({ error: { code, message: 'x' } }))),
    fc.constantFrom(new Uint8Array(BLOB_FRAME_BYTES), new Uint8Array(131_072), new Uint8Array(70_000)),
  );
  const statuses = fc.constantFrom(200, 200, 204, 400, 401, 403, 404, 429, 500, 503);
  const asked = fc.record({ call: fc.constantFrom(...calls), status: statuses, body: bodies });
  await fuzz('answers', asked, async ({ call, status, body }) => {
    const fault = await call(answering(status, [body])).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (fault !== undefined) expect(fault).toBeInstanceOf(RelayError);
  });
});

it('an answer without an end is given up, and is not kept', TIMEOUT, async () => {
  // It has to end, lest whoever goes on reading never does; the longest answer that any call takes is half of it.
  const enough = 268_435_456;
  let given = 0;
  function* endless() {
    for (given = 0; given < enough; given += BLOB_FRAME_BYTES) yield new Uint8Array(BLOB_FRAME_BYTES);
  }
  const before = await memoryInUse();
  for (const status of [200, 500])
    for (const call of calls) {
      await call(answering(status, endless())).catch((fault: unknown) =>
        expect(fault).toBeInstanceOf(RelayError),
      );
      expect(given).toBeLessThan(enough);
    }
  expect((await memoryInUse()) - before).toBeLessThan(16_000_000);
});

it('blobs that nobody asked for, or that come twice, are no answer', async () => {
  const [one, other] = [randomBytes(16), randomBytes(16)];
  const frame = (id: Uint8Array) => concat(id, new Uint8Array(BLOB_BYTES));
  const fetched = (...ids: Uint8Array[]) =>
    drained(answering(200, ids.map(frame)).fetchBlobs(token, [one, other]));
  expect(await fetched(other, one)).toBe(2);
  await expect(fetched(one, one)).rejects.toMatchObject({ code: 'relay_protocol' });
  await expect(fetched(one, randomBytes(16))).rejects.toMatchObject({ code: 'relay_protocol' });
});

it('nobody waits for longer than a day, whatever a relay says', async () => {
  const fetcher = async () => new Response('{}', { status: 503, headers: { 'retry-after': '9999999999' } });
  const http = new RelayHttp('https://relay.example', fetcher as typeof fetch);
  await expect(http.challenge()).rejects.toMatchObject({ code: 'unavailable', retryAfter: 86_400 });
});
