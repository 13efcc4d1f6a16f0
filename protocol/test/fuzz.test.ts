/** Every parser of `protocol/`, for as long as `make fuzz` says: it takes what is proper, and of anything else come only codes of the closed set. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Draw, IdentityContent, OprfKeyPair, Pair, Record, SignalRoute } from '../src/index.ts';
import {
  BLOB_KIND,
  beginDraw,
  concat,
  decodeCapabilities,
  decodeDraw,
  decodeEntries,
  decodeIds,
  decodeRecord,
  decodeSignalFrame,
  decodeToken,
  decodeUploadFrame,
  encodeCapabilities,
  encodeEntries,
  encodeRecord,
  encodeSignalFrame,
  encodeToken,
  encodeUploadFrame,
  finishDraw,
  formatAllowlist,
  isRelayError,
  issueBatch,
  loadIdentity,
  makeOprfKeyPair,
  openMessage,
  openRoster,
  openRosterUpdate,
  openSignal,
  parseAllowlist,
  randomBytes,
  readCircleKey,
  replaceMember,
  SIGNAL_BOX_BYTES,
  sealMessage,
  sealSignal,
  TOKEN_BATCH,
  TOKEN_BYTES,
  TOKEN_ELEMENT_BYTES,
  UPLOAD_FRAME_BYTES,
  utf8,
  writeCircleKey,
  writeIdentityFile,
} from '../src/index.ts';
import { changed, changes, same } from './support/changes.ts';
import { FUZZ_TIMEOUT_MS, fuzz } from './support/fuzz.ts';
import type { Members } from './support/members.ts';
import { bodyOf, makeMembers, pairOf } from './support/members.ts';
import { record } from './support/records.ts';
import { anyCbor, anything, deep } from './support/values.ts';

let members: Members;
let sending: Pair;
let receiving: Pair;
let key: OprfKeyPair;
let draw: Draw;
const blobId = { id: new Uint8Array() };
const route: SignalRoute = { room: randomBytes(32), from: randomBytes(32), to: randomBytes(32) };

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  receiving = await pairOf(members.bo, members.ada);
  key = makeOprfKeyPair();
  draw = beginDraw();
});

/** A parser. */
interface Parser {
  /** Codes with which it refuses. */
  codes: string[];
  /** An input that it takes. */
  valid(): Uint8Array | Promise<Uint8Array>;
  parse(input: Uint8Array): unknown;
  /** Inputs that are tried in `make test`; 200 unless given. */
  runs?: number;
}

/** One whose inputs are signed or sealed: every change of one is refused. */
const sealed: { [name: string]: Parser } = {
  'identity file': {
    codes: ['foreign', 'version', 'truncated', 'corrupt', 'inconsistent'].map((why) => `identity_${why}`),
    valid: () => writeIdentityFile(members.circle.identities[0] as IdentityContent),
    parse: (bytes) => loadIdentity(bytes),
  },
  'circle.key': {
    codes: ['circle_key_invalid'],
    valid: () => writeCircleKey(members.circle.circleKey),
    parse: (bytes) => readCircleKey(bytes),
  },
  roster: {
    codes: ['roster_invalid'],
    valid: () => members.circle.circleKey.signedRoster,
    parse: (bytes) => openRoster(bytes),
  },
  'roster update': {
    codes: ['roster_update_invalid'],
    valid: async () => (await replaceMember(members.circle.circleKey, 3)).update,
    parse: (bytes) => openRosterUpdate(members.ada, bytes),
    runs: 20,
  },
  message: {
    codes: ['blob_size', 'blob_forged'],
    valid: async () => {
      const { id, blob } = await sealMessage(sending, BLOB_KIND.message, bodyOf(members.ada, utf8('hello')));
      blobId.id = id;
      return blob;
    },
    parse: (bytes) => openMessage(receiving, blobId.id, bytes),
  },
  'signal of a call': {
    codes: ['signal_forged'],
    valid: () => sealSignal(sending, route, { n: 1, ack: 0, kind: 'bye', body: {} }),
    parse: (bytes) => openSignal(receiving, route, bytes),
  },
  'issued batch of tokens': {
    codes: ['issuer_key'],
    valid: () => {
      const { evaluated, proof } = issueBatch(key, decodeDraw(draw.request));
      return concat(proof, evaluated);
    },
    parse: (bytes) =>
      finishDraw({ epoch: 1, publicKey: key.publicKey }, draw, bytes.slice(64), bytes.slice(0, 64)),
    runs: 20,
  },
};

/** One that takes some changed inputs: what comes out is encoded as it went in. */
interface Plain extends Parser {
  encode(parsed: unknown): Uint8Array;
}

function plain<T>(
  codes: string[],
  valid: () => Uint8Array,
  parse: (input: Uint8Array) => T,
  encode: (parsed: T) => Uint8Array,
): Plain {
  return { codes, valid, parse, encode: (parsed) => encode(parsed as T) };
}

const readAllowlist = (bytes: Uint8Array) => parseAllowlist(new TextDecoder().decode(bytes));

const unsealed: { [name: string]: Plain } = {
  record: plain(
    ['record_invalid'],
    () => encodeRecord(fc.sample(record, { numRuns: 1, seed: 4 })[0] as Record),
    decodeRecord,
    encodeRecord,
  ),
  allowlist: plain(
    ['allowlist_invalid'],
    () => utf8(formatAllowlist(members.circle.allowlist)),
    readAllowlist,
    (list) => utf8(formatAllowlist(list)),
  ),
  upload: plain(
    ['bad_request'],
    () => new Uint8Array(UPLOAD_FRAME_BYTES).fill(7),
    decodeUploadFrame,
    encodeUploadFrame,
  ),
  'signal frame': plain(
    ['bad_request'],
    () => randomBytes(64 + SIGNAL_BOX_BYTES[0]),
    decodeSignalFrame,
    encodeSignalFrame,
  ),
  'blob ids': plain(
    ['bad_request'],
    () => randomBytes(48),
    decodeIds,
    (ids) => concat(...ids),
  ),
  capabilities: plain(['bad_request'], () => randomBytes(96), decodeCapabilities, encodeCapabilities),
  'entries of a mailbox': plain(['bad_request'], () => randomBytes(60), decodeEntries, encodeEntries),
  token: plain(['token_invalid'], () => randomBytes(TOKEN_BYTES), decodeToken, encodeToken),
  'elements of tokens': plain(
    ['bad_request'],
    () => randomBytes(TOKEN_BATCH * TOKEN_ELEMENT_BYTES),
    decodeDraw,
    (elements) => concat(...elements),
  ),
};

const arbitrary = fc.oneof(anything, anyCbor, deep);
const inputs = fc.oneof(
  arbitrary.map((bytes) => () => bytes),
  changes.map((change) => (valid: Uint8Array) => changed(valid, change)),
);

/** What comes of an input: its code, or what was made of it. */
async function outcome(
  { parse }: Parser,
  input: Uint8Array,
): Promise<{ code: unknown } | { parsed: unknown }> {
  try {
    return { parsed: await parse(input) };
  } catch (error) {
    return { code: isRelayError(error) ? error.code : error };
  }
}

test.each(Object.entries(sealed))(
  '%s is taken as it is, and refused with any change',
  { timeout: FUZZ_TIMEOUT_MS },
  async (name, parser) => {
    const valid = await parser.valid();
    await parser.parse(valid);
    const property = async (make: (valid: Uint8Array) => Uint8Array) => {
      const input = make(valid);
      fc.pre(!same(input, valid));
      expect(await outcome(parser, input)).toEqual({ code: expect.toBeOneOf(parser.codes) });
    };
    await fuzz(name, inputs, property, { runs: parser.runs ?? 200 });
  },
);

test.each(Object.entries(unsealed))(
  '%s means one thing, or is refused',
  { timeout: FUZZ_TIMEOUT_MS },
  async (name, parser) => {
    const valid = parser.valid() as Uint8Array;
    expect(parser.encode(parser.parse(valid))).toEqual(valid);
    await fuzz(name, inputs, async (make) => {
      const input = make(valid);
      const result = await outcome(parser, input);
      if ('code' in result) return expect(result.code).toBeOneOf(parser.codes);
      const again = parser.encode(result.parsed);
      // A text of JSON can be written in many ways; all else has one encoding.
      expect(same(again, name === 'allowlist' ? parser.encode(parser.parse(again)) : input)).toBe(true);
    });
  },
);

test('elements that nobody blinded are evaluated, or refused', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const evaluated = (bytes: Uint8Array) => issueBatch(key, decodeDraw(bytes)).evaluated.length;
  const parser: Parser = { codes: ['bad_request'], valid: () => draw.request, parse: evaluated };
  const property = async (make: (valid: Uint8Array) => Uint8Array) =>
    expect(await outcome(parser, make(draw.request))).toBeOneOf([
      { code: 'bad_request' },
      { parsed: draw.request.length },
    ]);
  await fuzz('blinded elements', inputs, property, { runs: 20 });
});
