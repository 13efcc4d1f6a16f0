/** Vectors of sessions, TURN credentials, roster updates, frames and CBOR (SPEC.md §1, §12, §13, §16). */
import {
  b64,
  concat,
  decodeEntries,
  encodeCapabilities,
  encodeEntries,
  encodeUploadFrame,
  fromHex,
  hex,
  makeTurnCredential,
  openRoster,
  proveSession,
  sealRosterUpdate,
  sessionMessage,
  sha256,
} from '../../src/index.ts';
import type { Json } from '../../test/vectors/input.ts';
import type { Circles } from './circle.ts';
import { identityOf } from './circle.ts';
import { VectorDraft } from './file.ts';

const fill = (n: number, value: number) => new Uint8Array(n).fill(value);

/** Sessions. */
export async function sessionVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §12');
  const ada = await identityOf(circle, 0);
  const bo = await identityOf(circle, 1);
  const { circleId } = ada.roster;
  const { keyHash } = ada.keys;
  const origin = 'https://relay.example';
  const nonce = fill(32, 7);
  const claim = { circleId: b64(circleId), origin, nonce: b64(nonce), keyHash: b64(keyHash) };
  draft.valid('message', 'sessionMessage', claim, b64(sessionMessage({ circleId, origin, nonce, keyHash })));
  const proof = await proveSession(ada, origin, nonce);
  const shown = { bundle: b64(proof.bundle), signature: b64(proof.signature) };
  draft.valid('proof', 'proveSession', { self: { $: 'identity 1' }, origin, nonce: b64(nonce) }, shown);
  const verify = (name: string, changes: object, expected: boolean) =>
    draft.valid(name, 'verifySessionProof', { ...claim, ...shown, ...changes }, expected);
  verify('the proof holds', {}, true);
  verify('another origin', { origin: 'https://relay.example:4000' }, false);
  verify('another nonce', { nonce: b64(fill(32, 8)) }, false);
  verify('another circle', { circleId: b64(fill(32, 1)) }, false);
  verify('another key hash', { keyHash: b64(bo.keys.keyHash) }, false);
  verify('another bundle', { bundle: b64(bo.keys.bundle) }, false);
  verify('short signature', { signature: b64(proof.signature.slice(1)) }, false);
  verify('zero signature', { signature: b64(fill(64, 0)) }, false);
  return draft;
}

/** Credentials for TURN. */
export async function turnVectors() {
  const draft = new VectorDraft('SPEC.md §13.1');
  const cases = {
    'a credential': { secret: hex(fill(32, 9)), token: fill(32, 7), expiry: 1_800_000_000 },
    'later in the same session': { secret: hex(fill(32, 9)), token: fill(32, 7), expiry: 1_800_003_600 },
    'another session': { secret: hex(fill(32, 9)), token: fill(32, 8), expiry: 1_800_000_000 },
    'another secret': { secret: hex(fill(32, 10)), token: fill(32, 7), expiry: 1_800_000_000 },
    'a name whose base64url has - or _': { secret: hex(fill(32, 9)), token: fill(32, 251), expiry: 60 },
  };
  for (const [name, claim] of Object.entries(cases)) {
    const { username, credential } = await makeTurnCredential(claim);
    const input = { ...claim, token: b64(claim.token) };
    draft.valid(name, 'makeTurnCredential', input, { username, credential });
  }
  return draft;
}

/** Roster updates. */
export async function rosterUpdateVectors({ nextRoster, nextSecret, nextFile }: Circles) {
  const draft = new VectorDraft('SPEC.md §16');
  const update = draft.name('roster update 2', await sealRosterUpdate(nextRoster, nextSecret));
  const { serial, hash, members } = await openRoster(nextRoster);
  const expected: Json = {
    serial,
    hash: b64(hash),
    members: members.map(({ number, label, keyHash }) => ({ number, label, keyHash: b64(keyHash) })),
    circleSecret: b64(nextSecret),
  };
  for (const number of [1, 3])
    draft.valid(
      `member ${number}`,
      'openRosterUpdate',
      { self: { $: `identity ${number}` }, update },
      expected,
    );
  const file = b64(await sha256(nextFile));
  draft.valid('the new file of member 1', 'updateIdentityFile', { self: { $: 'identity 1' }, update }, file);
  const fails = (name: string, input: object, code = 'roster_update_invalid') =>
    draft.fails(name, 'openRosterUpdate', { self: { $: 'identity 1' }, update, ...input }, code);
  fails('the member that was replaced', { self: { $: 'identity 2' } });
  fails('a member of another circle', { self: { $: 'identity of another circle' } });
  fails('already there', { self: { $: 'identity 1 after the update' } }, 'roster_stale');
  fails('the newcomer, whose file has it', { self: { $: 'identity of the newcomer' } }, 'roster_stale');
  fails('a bit flipped in the first slot', { update: { ...update, xor: [[5, 1]] } });
  fails('a bit flipped in the last slot', { update: { ...update, xor: [[38_399, 1]] } });
  fails('a bit flipped in the roster', { update: { ...update, xor: [[38_400, 1]] } });
  fails('a bit flipped in the padding', { update: { ...update, xor: [[120_000, 1]] } });
  fails('a bit flipped in the tag', { update: { ...update, xor: [[-1, 1]] } });
  fails('one byte less', { update: { ...update, cut: 131_071 } });
  fails('one byte more', { update: { ...update, add: 'AA' } });
  fails('empty', { update: { ...update, cut: 0 } });
  return draft;
}

/** Frames. */
export async function frameVectors() {
  const draft = new VectorDraft('SPEC.md §13');
  const entries = encodeEntries([
    { id: fill(16, 1), expiryHour: 500_000 },
    { id: fill(16, 2), expiryHour: 2 ** 32 - 1 },
  ]);
  const listed = decodeEntries(entries).map(({ id, expiryHour }) => [b64(id), expiryHour]);
  draft.valid('entries', 'decodeEntries', { bytes: b64(entries) }, listed);
  draft.valid('an empty mailbox', 'decodeEntries', { bytes: '' }, []);
  draft.fails('a cut entry', 'decodeEntries', { bytes: b64(entries.slice(1)) }, 'bad_request');
  const ids = concat(fill(16, 3), fill(16, 4));
  draft.valid('blob ids', 'decodeIds', { bytes: b64(ids) }, [b64(fill(16, 3)), b64(fill(16, 4))]);
  draft.fails('no blob ids', 'decodeIds', { bytes: '' }, 'bad_request');
  draft.fails('a cut blob id', 'decodeIds', { bytes: b64(ids.slice(1)) }, 'bad_request');
  draft.fails('257 blob ids', 'decodeIds', { bytes: b64(fill(257 * 16, 0)) }, 'bad_request');
  const capability = encodeCapabilities([{ id: fill(16, 5), secret: fill(32, 6) }]);
  const shown = [[b64(fill(16, 5)), b64(fill(32, 6))]];
  draft.valid('capabilities', 'decodeCapabilities', { bytes: b64(capability) }, shown);
  draft.fails('no capabilities', 'decodeCapabilities', { bytes: '' }, 'bad_request');
  draft.fails('a cut capability', 'decodeCapabilities', { bytes: b64(capability.slice(1)) }, 'bad_request');
  draft.fails('257 capabilities', 'decodeCapabilities', { bytes: b64(fill(257 * 48, 0)) }, 'bad_request');
  const [id, readHash, deleteHash, blob] = [fill(16, 1), fill(32, 2), fill(32, 3), fill(65_536, 4)];
  const frame = draft.name('upload frame', encodeUploadFrame({ id, readHash, deleteHash, blob }));
  const parts = {
    id: b64(id),
    readHash: b64(readHash),
    deleteHash: b64(deleteHash),
    hash: b64(await sha256(blob)),
  };
  draft.valid('upload', 'decodeUploadFrame', { bytes: frame }, parts);
  draft.fails('a cut upload', 'decodeUploadFrame', { bytes: { ...frame, cut: 65_615 } }, 'bad_request');
  draft.fails('a longer upload', 'decodeUploadFrame', { bytes: { ...frame, add: 'AA' } }, 'bad_request');
  return draft;
}

/** CBOR: what is read, and equal values in other encodings, which are refused. */
export function cborVectors() {
  const draft = new VectorDraft('SPEC.md §1');
  const read = (name: string, bytes: string, value: Json) =>
    draft.valid(name, 'decodeCbor', { bytes: b64(fromHex(bytes)) }, value);
  read('0', '00', 0);
  read('23', '17', 23);
  read('24', '1818', 24);
  read('255', '18ff', 255);
  read('256', '190100', 256);
  read('65,536', '1a00010000', 65_536);
  read('2^53 - 1', '1b001fffffffffffff', Number.MAX_SAFE_INTEGER);
  read('-1', '20', -1);
  read('bytes', '43010203', { bytes: 'AQID' });
  read('text', '63c3a961', 'éa');
  read('list', '83010203', [1, 2, 3]);
  read('map with keys in order', 'a361610161620262616103', { a: 1, b: 2, aa: 3 });
  read('true, false, null', '83f5f4f6', [true, false, null]);
  const refused = {
    '0 in two bytes': '1800',
    '23 in two bytes': '1817',
    '255 in three bytes': '1900ff',
    '65,535 in five bytes': '1a0000ffff',
    '1 in nine bytes': '1b0000000000000001',
    'length of bytes in two bytes': '5803010203',
    'length of text in two bytes': '780161',
    'length of list in two bytes': '980101',
    'length of map in two bytes': 'b801616101',
    'indefinite bytes': '5f4101ff',
    'indefinite text': '7f6161ff',
    'indefinite list': '9f01ff',
    'indefinite map': 'bf616101ff',
    'keys not in order': 'a2616201616102',
    'longer key first': 'a262616101616202',
    'a key twice': 'a2616101616102',
    'a key that is a number': 'a10101',
    'a key that is bytes': 'a1416101',
    'half float 1.0': 'f93c00',
    'single float 1.5': 'fa3fc00000',
    'double float 1.1': 'fb3ff199999999999a',
    infinity: 'f97c00',
    'not a number': 'f97e00',
    'negative zero': 'f98000',
    undefined: 'f7',
    'simple value 255': 'f8ff',
    'simple value 0': 'e0',
    'true in two bytes': 'f815',
    'tag of a time': 'c11a514b67b0',
    'tag of a big number': 'c24101',
    'tag of encoded CBOR': 'd8184101',
    '2^53': '1b0020000000000000',
    'text that is not UTF-8': '61ff',
    'text with a lone surrogate': '63eda080',
    'a break alone': 'ff',
    'reserved length 28': '1c',
    nothing: '',
    'two values': '0000',
    'cut bytes': '430102',
    'cut list': '8301',
    'cut map': 'a16161',
    'a list longer than memory': '9b0001000000000000',
    'bytes longer than memory': '5b0001000000000000',
  };
  for (const [name, bytes] of Object.entries(refused)) read(name, bytes, 'refused');
  return draft;
}
