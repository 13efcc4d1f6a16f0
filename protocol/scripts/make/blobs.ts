/** Vectors of pairwise secrets, blob ids, message blobs and chunks (SPEC.md §4 to §7, §10, §11). */
import type { CborValue, Identity, MessageBody, NewCircle } from '../../src/index.ts';
import {
  BLOB_KIND,
  b64,
  capabilitiesOf,
  chunkId,
  encodeCbor,
  encodeRecord,
  MAX_BODY_BYTES,
  makeBlobId,
  maskKey,
  sealChunk,
  sealMessage,
  sha256,
} from '../../src/index.ts';
import type { Shaping } from '../../test/support/shaped.ts';
import { sealShaped } from '../../test/support/shaped.ts';
import { toJson } from '../../test/vectors/input.ts';
import type { Circles } from './circle.ts';
import { identityOf, pairOf } from './circle.ts';
import { VectorDraft } from './file.ts';
import { directRecord } from './records.ts';

const SELF = { $: 'identity 1' };
const PEER = { $: 'identity 2' };
const THIRD = { $: 'identity 3' };

async function members(circle: NewCircle): Promise<[Identity, Identity, Identity]> {
  return [await identityOf(circle, 0), await identityOf(circle, 1), await identityOf(circle, 2)];
}

/** Pairwise secrets and blob ids. */
export async function pairVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §4, §5, §11');
  const [ada, bo] = await members(circle);
  const id = new Uint8Array(16).map((_, i) => 17 * i);
  for (const [name, self, selfFile, peer] of [
    ['member 1 with 2', ada, SELF, 2],
    ['member 2 with 1', bo, PEER, 1],
    ['member 1 with itself', ada, SELF, 1],
  ] as const) {
    const pair = await pairOf(self, peer);
    const { readSecret, readHash, deleteSecret, deleteHash } = await capabilitiesOf(pair, id);
    const expected = {
      outgoingMask: b64(await maskKey(pair, pair.outgoing, id)),
      incomingMask: b64(await maskKey(pair, pair.incoming, id)),
      readSecret: b64(readSecret),
      readHash: b64(readHash),
      deleteSecret: b64(deleteSecret),
      deleteHash: b64(deleteHash),
    };
    draft.valid(name, 'pairSecrets', { self: selfFile, peer, id: b64(id) }, expected);
  }
  const toBo = await pairOf(ada, 2);
  const salt = new Uint8Array(8).map((_, i) => 31 * i + 5);
  for (const kind of [...Object.values(BLOB_KIND), 0x10, 0xff]) {
    const made = await makeBlobId(toBo.outgoing, kind as 1, salt);
    const input = { self: SELF, peer: 2, kind, salt: b64(salt) };
    draft.valid(`blob id of kind ${kind}`, 'makeBlobId', input, b64(made));
    const found = { sender: 1, kind };
    draft.valid(`kind ${kind}, recognised`, 'recogniseBlobId', { self: PEER, id: b64(made) }, found);
  }
  const own = await pairOf(ada, 1);
  const ownId = draft.name(
    'blob id from 1 to itself',
    await makeBlobId(own.outgoing, BLOB_KIND.sentLog, salt),
  );
  draft.valid('own blob, recognised', 'recogniseBlobId', { self: SELF, id: ownId }, { sender: 1, kind: 3 });
  const theId = draft.name('blob id from 1 to 2', await makeBlobId(toBo.outgoing, BLOB_KIND.message, salt));
  draft.valid('in the mailbox of its sender', 'recogniseBlobId', { self: SELF, id: theId }, null);
  draft.valid('in the mailbox of a third', 'recogniseBlobId', { self: THIRD, id: theId }, null);
  draft.valid('other salt', 'recogniseBlobId', { self: PEER, id: { ...theId, xor: [[0, 1]] } }, null);
  draft.valid('other tag', 'recogniseBlobId', { self: PEER, id: { ...theId, xor: [[14, 1]] } }, null);
  const afterUpdate = { self: { $: 'identity of the newcomer' }, id: theId };
  draft.valid('in the mailbox of who replaced its recipient', 'recogniseBlobId', afterUpdate, null);
  return draft;
}

/** Message blobs and the sent log. */
export async function messageVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §6, §10');
  const [ada, bo, third] = await members(circle);
  const pair = await pairOf(ada, 2);
  const roster = { serial: 1, hash: ada.roster.hash };
  const text = encodeRecord(await directRecord(ada, bo, 'text', { text: 'Hello, Bo 👋' }));
  const file = { size: 70_000, hash: new Uint8Array(32).fill(3) };
  const second = encodeRecord(await directRecord(ada, bo, 'file', { file, name: 'a.bin', type: '' }));
  const fileKey = new Uint8Array(32).fill(5);
  const body: MessageBody = {
    roster,
    records: [
      { content: text, private: {} },
      { content: second, private: { file: fileKey } },
    ],
  };
  const message = await sealMessage(pair, BLOB_KIND.message, body);
  const id = draft.name('message id', message.id);
  const blob = draft.name('message', message.blob);
  const opened = { sender: 1, kind: 1, body: toJson(body) };
  draft.valid('two records', 'openMessage', { self: PEER, id, blob }, opened);

  const told = { epoch: 500_000, hash: new Uint8Array(32).fill(6), hour: 500_001 };
  const telling: MessageBody = { roster, issuer: told, records: [{ content: text, private: {} }] };
  const withIssuer = await sealMessage(pair, BLOB_KIND.message, telling);
  const tellingInput = { self: PEER, id: b64(withIssuer.id), blob: b64(withIssuer.blob) };
  const tellingOpened = { sender: 1, kind: 1, body: toJson(telling) };
  draft.valid('with an issuer key', 'openMessage', tellingInput, tellingOpened);

  const to: CborValue = [{ member: bo.keys.keyHash, blob: message.id, file: fileKey }];
  const log: MessageBody = { roster, records: [{ content: text, private: { to } }] };
  const sentLog = await sealMessage(await pairOf(ada, 1), BLOB_KIND.sentLog, log);
  const logId = draft.name('sent log id', sentLog.id);
  const logBlob = draft.name('sent log', sentLog.blob);
  const openedLog = { sender: 1, kind: 3, body: toJson(log) };
  draft.valid('sent log', 'openMessage', { self: SELF, id: logId, blob: logBlob }, openedLog);

  const fails = (name: string, input: object, code: string) =>
    draft.fails(name, 'openMessage', { self: PEER, id, blob, ...input }, code);
  for (const offset of [0, 700, 1_119, 1_120, 33_000, 65_519, 65_520, 65_535])
    fails(`bit flipped at ${offset}`, { blob: { ...blob, xor: [[offset, 1]] } }, 'blob_forged');
  fails('one byte less', { blob: { ...blob, cut: 65_535 } }, 'blob_size');
  fails('one byte more', { blob: { ...blob, add: 'AA' } }, 'blob_size');
  fails('empty', { blob: { ...blob, cut: 0 } }, 'blob_size');
  fails('mailbox of a third', { self: THIRD }, 'blob_unrecognised');
  fails('mailbox of the sender', { self: SELF }, 'blob_unrecognised');
  fails('another salt in the id', { id: { ...id, xor: [[0, 1]] } }, 'blob_unrecognised');
  fails('kind turned to sent log', { id: { ...id, xor: [[15, 1 ^ 3]] } }, 'blob_forged');
  fails('kind turned to chunk', { id: { ...id, xor: [[15, 1 ^ 2]] } }, 'blob_unrecognised');
  fails('kind turned to a reserved one', { id: { ...id, xor: [[15, 1 ^ 16]] } }, 'blob_unrecognised');
  const other = await makeBlobId(pair.outgoing, BLOB_KIND.message, new Uint8Array(8));
  fails('under another id of the same sender', { id: b64(other) }, 'blob_forged');
  fails('under an id of another sender', { id: b64((await idFromThird(third)).id) }, 'blob_forged');
  const asThird = { self: PEER, peer: 3, id, blob };
  draft.fails('taken for a third one’s', 'openMessageFrom', asThird, 'blob_forged');

  const good = encodeCbor({ records: [[text, {}]], roster: [1, roster.hash] });
  const shapes: [string, Shaping, string][] = [
    ['signed by a third', { body: good, signer: third }, 'blob_forged'],
    ['padding that is not zero', { body: good, padding: 1 }, 'blob_malformed'],
    ['length past the end', { body: good, bodyLength: MAX_BODY_BYTES + 1 }, 'blob_malformed'],
    ['no records', {}, 'blob_malformed'],
    [
      'an issuer key without its hour',
      {
        body: encodeCbor({ issuer: [1, told.hash], records: [[text, {}]], roster: [1, roster.hash] }),
      },
      'blob_malformed',
    ],
    [
      'unknown key',
      { body: encodeCbor({ more: 1, records: [[text, {}]], roster: [1, roster.hash] }) },
      'blob_malformed',
    ],
  ];
  for (const [index, [name, shape, code]] of shapes.entries()) {
    const made = await sealShaped(pair, shape, new Uint8Array(8).fill(index + 1));
    fails(name, { id: b64(made.id), blob: b64(made.blob) }, code);
  }
  return draft;
}

async function idFromThird(third: Identity) {
  const { outgoing } = await pairOf(third, 2);
  return { id: await makeBlobId(outgoing, BLOB_KIND.message, new Uint8Array(8)) };
}

/** Chunks. */
export async function chunkVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §7');
  const [ada] = await members(circle);
  const pair = await pairOf(ada, 2);
  const fileKey = new Uint8Array(32).map((_, i) => 7 * i);
  const chunks: [number, number, number][] = [
    [1, 0, 1],
    [65_519, 0, 65_519],
    [65_520, 0, 65_520],
    [65_521, 0, 65_520],
    [65_521, 1, 1],
    [131_041, 1, 65_520],
    [131_041, 2, 1],
  ];
  for (const [size, index, length] of chunks) {
    const transfer = { pair, direction: pair.outgoing, fileKey, size };
    const { id, blob } = await sealChunk(transfer, index, new Uint8Array(length).fill(42));
    const input = { self: SELF, peer: 2, fileKey: b64(fileKey), size, index, length, fill: 42 };
    const expected = { id: b64(id), hash: b64(await sha256(blob)) };
    draft.valid(`chunk ${index} of a file of ${size}`, 'sealChunk', input, expected);
  }
  const transfer = { pair, direction: pair.outgoing, fileKey, size: 65_521 };
  const last = new Uint8Array(1).fill(42);
  const { blob } = await sealChunk(transfer, 1, last);
  const input = {
    self: PEER,
    peer: 1,
    fileKey: b64(fileKey),
    size: 65_521,
    index: 1,
    blob: draft.name('chunk 1 of 2', blob),
  };
  const id = b64(await chunkId(transfer, 1));
  draft.valid('last chunk', 'openChunk', input, { id, length: 1, hash: b64(await sha256(last)) });
  const fails = (name: string, changes: object, code: string) =>
    draft.fails(name, 'openChunk', { ...input, ...changes }, code);
  for (const offset of [0, 65_519, 65_520, 65_535])
    fails(`bit flipped at ${offset}`, { blob: { ...input.blob, xor: [[offset, 128]] } }, 'chunk_forged');
  fails('one byte less', { blob: { ...input.blob, cut: 65_535 } }, 'blob_size');
  fails('another place', { index: 0 }, 'chunk_forged');
  fails('another count', { size: 131_041 }, 'chunk_forged');
  fails('another file key', { fileKey: b64(new Uint8Array(32)) }, 'chunk_forged');
  fails('taken for a third one’s', { peer: 3 }, 'chunk_forged');
  fails('opened by a third', { self: THIRD }, 'chunk_forged');

  // The sender made a last chunk whose filling is not zero: the same key, since it depends on the count and not on the size.
  const filled = await sealChunk({ ...transfer, size: 65_522 }, 1, Uint8Array.of(42, 1));
  fails('filling that is not zero', { blob: b64(filled.blob) }, 'chunk_forged');
  return draft;
}
