/** Operations of Relay's own vectors (protocol/vectors/). */
import type { BlobKind, GroupDescriptor, MemberKeys, RosterMember } from '../../src/index.ts';
import {
  BLOB_KIND,
  b64,
  capabilitiesOf,
  checkConversation,
  checkRecordTime,
  chunkId,
  decodeCapabilities,
  decodeCbor,
  decodeEntries,
  decodeIds,
  decodeRecord,
  decodeUploadFrame,
  deriveMemberKeys,
  directConversationId,
  fingerprintOf,
  formatAllowlist,
  groupConversationId,
  identityFileContent,
  identityWithRoster,
  leaveSuccessor,
  loadIdentity,
  makeBlobId,
  makeTurnCredential,
  maskKey,
  openChunk,
  openMessage,
  openRoster,
  openRosterUpdate,
  parseAllowlist,
  proveSession,
  RelayError,
  readCircleKey,
  readSafetyCode,
  recogniseBlobId,
  recordHash,
  safetyNumberOf,
  sealChunk,
  sessionMessage,
  sha256,
  verifySessionProof,
  writeIdentityFile,
} from '../../src/index.ts';
import type { Input, Json } from './input.ts';
import { toJson } from './input.ts';
import { pairsOf, pairWith } from './pairs.ts';

const MESSAGE_KINDS: readonly number[] = [BLOB_KIND.message, BLOB_KIND.sentLog];

const secretsJson = (secrets: readonly { serial: number; secret: Uint8Array }[]) =>
  secrets.map(({ serial, secret }) => [serial, b64(secret)]);

const memberJson = ({ number, label, keyHash }: RosterMember) => ({ number, label, keyHash: b64(keyHash) });

/** `storage` is the seal of no bytes under the key of what is kept locally, for that key cannot be exported. */
export async function keysJson({ bundle, keyHash, local }: MemberKeys) {
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12) };
  const storage = new Uint8Array(await crypto.subtle.encrypt(algorithm, local.storage, new Uint8Array()));
  return {
    bundle: b64(bundle),
    keyHash: b64(keyHash),
    fingerprint: fingerprintOf(keyHash),
    localName: b64(local.name),
    storage: b64(storage),
  };
}

async function transferOf(input: Input, direction: 'outgoing' | 'incoming') {
  const pair = await pairWith(input);
  return { pair, direction: pair[direction], fileKey: input.bytes('fileKey'), size: input.number('size') };
}

function groupOf(input: Input): GroupDescriptor {
  return { nonce: input.bytes('nonce'), members: input.list('members'), parent: input.bytes('parent') };
}

const groupJson = ({ nonce, members, parent }: GroupDescriptor) => ({
  nonce: b64(nonce),
  members: members.map(b64),
  parent: b64(parent),
});

function claimOf(input: Input) {
  return {
    circleId: input.bytes('circleId'),
    origin: input.text('origin'),
    nonce: input.bytes('nonce'),
    keyHash: input.bytes('keyHash'),
  };
}

/** By name; byte strings are base64url, in outputs of free shape `{bytes: base64url}`. */
export const OPERATIONS: { [name: string]: (input: Input) => Promise<Json> } = {
  async deriveMember(input) {
    return keysJson(await deriveMemberKeys(input.bytes('seed')));
  },
  async loadIdentity(input) {
    const passphrase = input.has('passphrase') ? input.text('passphrase') : undefined;
    const { member, keys, roster, secrets } = await loadIdentity(input.bytes('file'), passphrase);
    return {
      member: memberJson(member),
      keyHash: b64(keys.keyHash),
      circleId: b64(roster.circleId),
      serial: roster.serial,
      secrets: secretsJson(secrets),
    };
  },
  async readCircleKey(input) {
    const { seed, secrets, signedRoster } = await readCircleKey(input.bytes('file'));
    return { seed: b64(seed), secrets: secretsJson(secrets), roster: b64(signedRoster) };
  },
  async parseAllowlist(input) {
    const { circleId, keyHashes } = parseAllowlist(input.text('text'));
    return { circleId: b64(circleId), keyHashes: keyHashes.map(b64) };
  },
  async formatAllowlist(input) {
    return formatAllowlist({ circleId: input.bytes('circleId'), keyHashes: input.list('keyHashes') });
  },
  async openRoster(input) {
    const roster = await openRoster(input.bytes('signed'));
    return {
      circlePublicKey: b64(roster.circlePublicKey),
      circleId: b64(roster.circleId),
      serial: roster.serial,
      secretHash: b64(roster.secretHash),
      hash: b64(roster.hash),
      members: roster.members.map(memberJson),
    };
  },
  async pairSecrets(input) {
    const pair = await pairWith(input);
    const id = input.bytes('id');
    const { readSecret, readHash, deleteSecret, deleteHash } = await capabilitiesOf(pair, id);
    return {
      outgoingMask: b64(await maskKey(pair, pair.outgoing, id)),
      incomingMask: b64(await maskKey(pair, pair.incoming, id)),
      readSecret: b64(readSecret),
      readHash: b64(readHash),
      deleteSecret: b64(deleteSecret),
      deleteHash: b64(deleteHash),
    };
  },
  async makeBlobId(input) {
    const { outgoing } = await pairWith(input);
    return b64(await makeBlobId(outgoing, input.number('kind') as BlobKind, input.bytes('salt')));
  },
  async recogniseBlobId(input) {
    const self = await loadIdentity(input.bytes('self'));
    const found = await recogniseBlobId(await pairsOf(self), input.bytes('id'));
    return found === undefined ? null : { sender: found.pair.peer.number, kind: found.kind };
  },
  async openMessage(input) {
    const self = await loadIdentity(input.bytes('self'));
    const id = input.bytes('id');
    const found = await recogniseBlobId(await pairsOf(self), id);
    if (found === undefined || !MESSAGE_KINDS.includes(found.kind)) throw new RelayError('blob_unrecognised');
    const body = await openMessage(found.pair, id, input.bytes('blob'));
    return { sender: found.pair.peer.number, kind: found.kind, body: toJson(body) };
  },
  async openMessageFrom(input) {
    return toJson(await openMessage(await pairWith(input), input.bytes('id'), input.bytes('blob')));
  },
  async sealChunk(input) {
    const transfer = await transferOf(input, 'outgoing');
    const index = input.number('index');
    const data = new Uint8Array(input.number('length')).fill(input.number('fill'));
    const { id, blob } = await sealChunk(transfer, index, data);
    return { id: b64(id), hash: b64(await sha256(blob)) };
  },
  async openChunk(input) {
    const transfer = await transferOf(input, 'incoming');
    const index = input.number('index');
    const data = await openChunk(transfer, index, input.bytes('blob'));
    return {
      id: b64(await chunkId(transfer, index)),
      length: data.length,
      hash: b64(await sha256(data)),
    };
  },
  async decodeRecord(input) {
    const content = input.bytes('content');
    return { record: toJson(decodeRecord(content)), hash: b64(await recordHash(content)) };
  },
  async checkRecordTime(input) {
    checkRecordTime({ at: input.number('at') }, input.number('now'));
    return true;
  },
  async directConversationId(input) {
    return b64(await directConversationId(input.bytes('circleId'), input.bytes('a'), input.bytes('b')));
  },
  async groupConversationId(input) {
    return b64(await groupConversationId(input.bytes('circleId'), groupOf(input)));
  },
  async leaveSuccessor(input) {
    const [circleId, group] = [input.bytes('circleId'), groupOf(input)];
    const id = await groupConversationId(circleId, group);
    const next = await leaveSuccessor(group, id, input.bytes('leaver'));
    return next === undefined
      ? null
      : { ...groupJson(next), id: b64(await groupConversationId(circleId, next)) };
  },
  async safetyNumber(input) {
    const { hash, number, code } = await safetyNumberOf(
      input.bytes('circleId'),
      input.bytes('a'),
      input.bytes('b'),
    );
    return { hash: b64(hash), number, code };
  },
  async readSafetyCode(input) {
    const hash = readSafetyCode(input.text('text'));
    return hash === undefined ? null : b64(hash);
  },
  async checkConversation(input) {
    const group = input.has('nonce') ? { group: groupOf(input) } : {};
    const kind = input.has('kind') ? input.text('kind') : 'text';
    const title = input.has('title') ? { title: input.text('title') } : {};
    const claim = { conversation: input.bytes('conversation'), kind, ...title, ...group };
    const [circleId, author] = [input.bytes('circleId'), input.bytes('author')];
    return (await checkConversation(circleId, claim, author, input.list('recipients'))).map(b64);
  },
  async sessionMessage(input) {
    return b64(sessionMessage(claimOf(input)));
  },
  async proveSession(input) {
    const self = await loadIdentity(input.bytes('self'));
    const { bundle, signature } = await proveSession(self, input.text('origin'), input.bytes('nonce'));
    return { bundle: b64(bundle), signature: b64(signature) };
  },
  async verifySessionProof(input) {
    return verifySessionProof(claimOf(input), input.bytes('bundle'), input.bytes('signature'));
  },
  async makeTurnCredential(input) {
    const claim = {
      secret: input.text('secret'),
      token: input.bytes('token'),
      expiry: input.number('expiry'),
    };
    const { username, credential } = await makeTurnCredential(claim);
    return { username, credential };
  },
  async openRosterUpdate(input) {
    const self = await loadIdentity(input.bytes('self'));
    const { roster, circleSecret } = await openRosterUpdate(self, input.bytes('update'));
    return {
      serial: roster.serial,
      hash: b64(roster.hash),
      members: roster.members.map(memberJson),
      circleSecret: b64(circleSecret),
    };
  },
  async updateIdentityFile(input) {
    const self = await loadIdentity(input.bytes('self'));
    const after = await identityWithRoster(self, await openRosterUpdate(self, input.bytes('update')));
    return b64(await sha256(await writeIdentityFile(await identityFileContent(after))));
  },
  async decodeEntries(input) {
    return decodeEntries(input.bytes('bytes')).map(({ id, expiryHour }) => [b64(id), expiryHour]);
  },
  async decodeIds(input) {
    return decodeIds(input.bytes('bytes')).map(b64);
  },
  async decodeCapabilities(input) {
    return decodeCapabilities(input.bytes('bytes')).map(({ id, secret }) => [b64(id), b64(secret)]);
  },
  async decodeUploadFrame(input) {
    const { id, readHash, deleteHash, blob } = decodeUploadFrame(input.bytes('bytes'));
    return {
      id: b64(id),
      readHash: b64(readHash),
      deleteHash: b64(deleteHash),
      hash: b64(await sha256(blob)),
    };
  },
  async decodeCbor(input) {
    let value: unknown;
    try {
      value = decodeCbor(input.bytes('bytes'));
    } catch {
      return 'refused';
    }
    return toJson(value);
  },
};
