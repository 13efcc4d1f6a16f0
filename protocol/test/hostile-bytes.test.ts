/** What an attacker may hand to every parser: it is refused with a code of the closed set, and nothing else happens. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { frameFile } from '../src/framed-file.ts';
import type { IdentityContent, Pair } from '../src/index.ts';
import {
  BLOB_BYTES,
  BLOB_KIND,
  concat,
  decodeCapabilities,
  decodeEntries,
  decodeIds,
  decodeRecord,
  decodeSignalFrame,
  decodeUploadFrame,
  isRelayError,
  loadIdentity,
  openMessage,
  openRoster,
  openRosterUpdate,
  parseAllowlist,
  ROSTER_UPDATE_BYTES,
  randomBytes,
  readCircleKey,
  sealMessage,
  utf8,
  verifySignature,
  writeCircleKey,
  writeIdentityFile,
} from '../src/index.ts';
import { changed, changes, same } from './support/changes.ts';
import type { Members } from './support/members.ts';
import { bodyOf, makeMembers, pairOf, refused } from './support/members.ts';
import { anyCbor, anything } from './support/values.ts';

let members: Members;
let sending: Pair;
let receiving: Pair;
let identityFile: Uint8Array;
let circleKeyFile: Uint8Array;

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  receiving = await pairOf(members.bo, members.ada);
  identityFile = await writeIdentityFile(members.circle.identities[0] as IdentityContent);
  circleKeyFile = await writeCircleKey(members.circle.circleKey);
});

const IDENTITY = [
  'identity_foreign',
  'identity_version',
  'identity_truncated',
  'identity_corrupt',
  'identity_inconsistent',
];

describe('arbitrary bytes', () => {
  const parsers: { [name: string]: [string[], (bytes: Uint8Array) => unknown] } = {
    'identity file': [IDENTITY, (bytes) => loadIdentity(bytes)],
    'circle.key': [['circle_key_invalid'], (bytes) => readCircleKey(bytes)],
    roster: [['roster_invalid'], (bytes) => openRoster(bytes)],
    record: [['record_invalid'], (bytes) => decodeRecord(bytes)],
    allowlist: [['allowlist_invalid'], (bytes) => parseAllowlist(new TextDecoder().decode(bytes))],
    message: [['blob_size'], (bytes) => openMessage(receiving, randomBytes(16), bytes)],
    'roster update': [['roster_update_invalid'], (bytes) => openRosterUpdate(members.ada, bytes)],
    upload: [['bad_request'], (bytes) => decodeUploadFrame(bytes)],
    'signal frame': [['bad_request'], (bytes) => decodeSignalFrame(bytes)],
  };
  test.each(Object.entries(parsers))('are refused as %s', async (_name, [codes, parse]) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, anyCbor), (bytes) => refused(codes, () => parse(bytes))),
      { numRuns: 200 },
    );
  });

  test('of the right size are no message, chunk list or roster update', async () => {
    for (let i = 0; i < 20; i++) {
      const id = randomBytes(16);
      await refused(['blob_forged'], () => openMessage(receiving, id, randomBytes(BLOB_BYTES)));
    }
    for (const fill of [0, 255])
      await refused(['blob_forged'], () =>
        openMessage(receiving, randomBytes(16), new Uint8Array(BLOB_BYTES).fill(fill)),
      );
    const update = concat(randomBytes(65_536), randomBytes(ROSTER_UPDATE_BYTES - 65_536));
    await refused(['roster_update_invalid'], () => openRosterUpdate(members.ada, update));
  });

  test('as lists give a list of the right length, or bad_request', () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        for (const [size, decode] of [
          [16, decodeIds],
          [48, decodeCapabilities],
          [20, decodeEntries],
        ] as const) {
          try {
            expect(decode(bytes).length).toBe(bytes.length / size);
          } catch (error) {
            expect(isRelayError(error, 'bad_request')).toBe(true);
          }
        }
      }),
    );
  });

  test('are no signature of anything', async () => {
    const sized = (length: number) =>
      fc.oneof(anything, fc.uint8Array({ minLength: length, maxLength: length }));
    await fc.assert(
      fc.asyncProperty(sized(32), sized(64), anything, async (key, signature, message) => {
        expect(await verifySignature(key, signature, message)).toBe(false);
      }),
    );
  });
});

describe('a valid input that was changed', () => {
  test('is refused as an identity file or circle.key', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const bytes = changed(identityFile, change);
        if (!same(bytes, identityFile)) await refused(IDENTITY, () => loadIdentity(bytes));
        const key = changed(circleKeyFile, change);
        if (!same(key, circleKeyFile)) await refused(['circle_key_invalid'], () => readCircleKey(key));
      }),
      { numRuns: 200 },
    );
  });

  test('is refused as an identity file even where its hash was made to fit', async () => {
    const payload = identityFile.slice(12, -32);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          changes.map((change) => changed(payload, change)),
          anyCbor,
        ),
        async (bytes) => {
          fc.pre(!same(bytes, payload));
          const file = await frameFile('RELAYID1', bytes);
          const codes = ['identity_corrupt', 'identity_inconsistent'];
          await refused(codes, () => loadIdentity(file));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is refused as a roster', async () => {
    const signed = members.circle.circleKey.signedRoster;
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const bytes = changed(signed, change);
        if (!same(bytes, signed)) await refused(['roster_invalid'], () => openRoster(bytes));
      }),
      { numRuns: 200 },
    );
  });

  test('is refused as a message', async () => {
    const { id, blob } = await sealMessage(sending, BLOB_KIND.message, bodyOf(members.ada, utf8('hello')));
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const bytes = changed(blob, change);
        if (!same(bytes, blob))
          await refused(['blob_forged', 'blob_size'], () => openMessage(receiving, id, bytes));
      }),
    );
  });
});
