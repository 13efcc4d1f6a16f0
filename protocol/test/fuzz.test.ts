/** Every parser of the member's half, for as long as `make fuzz` says: only codes of the closed set come out. */
import fc from 'fast-check';
import { beforeAll, test } from 'vitest';
import type { IdentityContent, Pair } from '../src/index.ts';
import {
  BLOB_BYTES,
  decodeRecord,
  decodeSignalFrame,
  decodeUploadFrame,
  loadIdentity,
  openMessage,
  openRoster,
  openRosterUpdate,
  parseAllowlist,
  randomBytes,
  readCircleKey,
  writeCircleKey,
  writeIdentityFile,
} from '../src/index.ts';
import { FUZZ_TIMEOUT_MS, fuzz } from './support/fuzz.ts';
import type { Members } from './support/members.ts';
import { makeMembers, pairOf, refused } from './support/members.ts';
import { anyCbor, anything } from './support/values.ts';

let members: Members;
let receiving: Pair;
const valid: { [name: string]: Uint8Array } = {};

beforeAll(async () => {
  members = await makeMembers();
  receiving = await pairOf(members.bo, members.ada);
  valid['identity file'] = await writeIdentityFile(members.circle.identities[0] as IdentityContent);
  valid['circle.key'] = await writeCircleKey(members.circle.circleKey);
  valid.message = randomBytes(BLOB_BYTES);
});

const IDENTITY = ['foreign', 'version', 'truncated', 'corrupt', 'inconsistent'].map(
  (why) => `identity_${why}`,
);

const parsers: { [name: string]: [string[], (bytes: Uint8Array) => unknown] } = {
  'identity file': [IDENTITY, (bytes) => loadIdentity(bytes)],
  'circle.key': [['circle_key_invalid'], (bytes) => readCircleKey(bytes)],
  roster: [['roster_invalid'], (bytes) => openRoster(bytes)],
  record: [['record_invalid'], (bytes) => decodeRecord(bytes)],
  allowlist: [['allowlist_invalid'], (bytes) => parseAllowlist(new TextDecoder().decode(bytes))],
  message: [['blob_size', 'blob_forged'], (bytes) => openMessage(receiving, randomBytes(16), bytes)],
  'roster update': [['roster_update_invalid'], (bytes) => openRosterUpdate(members.ada, bytes)],
  upload: [['bad_request'], (bytes) => decodeUploadFrame(bytes)],
  'signal frame': [['bad_request'], (bytes) => decodeSignalFrame(bytes)],
  // Sealed-sender tokens belong here, as soon as they have a parser.
};

test.each(Object.entries(parsers))(
  '%s refuses what is not one',
  { timeout: FUZZ_TIMEOUT_MS },
  async (name, [codes, parse]) => {
    const input = fc.oneof(anything, anyCbor, fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })));
    await fuzz(name, input, async (value) => {
      const bytes = value instanceof Uint8Array ? value : flipped(valid[name], value as [number, number]);
      if (bytes !== undefined) await refused(codes, () => parse(bytes));
    });
  },
);

/** `bytes` with one byte changed, or nothing where there is no valid input to change. */
function flipped(bytes: Uint8Array | undefined, [at, by]: [number, number]): Uint8Array | undefined {
  if (bytes === undefined) return undefined;
  const out = bytes.slice();
  out[at % out.length] = (out[at % out.length] as number) ^ by;
  return out;
}
