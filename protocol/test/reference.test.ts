/** The vectors against a second reading of SPEC.md, which shares no code with protocol/src: Node's own cryptography and plain bytes. */
import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  sign,
  verify,
} from 'node:crypto';
import { expect, test } from 'vitest';
import { readVectorFiles } from './vectors/files.ts';

const files = readVectorFiles();
const from64 = (text: string) => Buffer.from(text, 'base64url');
const to64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const u32 = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
const lp = (...parts: (Buffer | string)[]) =>
  Buffer.concat(parts.flatMap((part) => [u32(Buffer.from(part).length), Buffer.from(part)]));
const H = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const hmac = (key: Buffer, message: Buffer) => createHmac('sha256', key).update(message).digest();
const kdf = (ikm: Buffer, info: Buffer | string, salt = Buffer.alloc(0)) =>
  Buffer.from(hkdfSync('sha256', ikm, salt, info, 32));

function secretKey(oid: number, secret: Buffer) {
  const der = Buffer.concat([
    Buffer.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, oid, 4, 34, 4, 32]),
    secret,
  ]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function publicKey(oid: number, raw: Buffer) {
  const der = Buffer.concat([Buffer.from([48, 42, 48, 5, 6, 3, 43, 101, oid, 3, 33, 0]), raw]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

const rawOf = (key: Parameters<typeof createPublicKey>[0]) =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);

const [ED25519, X25519] = [112, 110];
type Text = { [key: string]: string };
const textsOf = (file: string, operation: string) =>
  (files[file]?.cases ?? [])
    .filter((item) => item.operation === operation)
    .map(({ input, expected }) => ({ input: input as Text, expected: expected as Text }));
const dataOf = (file: string, name: string) => from64(files[file]?.data?.[name] as string);

// The circle of the vectors.
const members = textsOf('identity.json', 'deriveMember').map(({ input, expected }) => ({
  seed: from64(input.seed as string),
  bundle: from64(expected.bundle as string),
  keyHash: from64(expected.keyHash as string),
}));
const [ada, bo] = members as [(typeof members)[number], (typeof members)[number]];
const circleSeed = from64(textsOf('circle.json', 'readCircleKey')[0]?.expected.seed as string);
const secrets = textsOf('circle.json', 'readCircleKey')[0]?.expected.secrets as unknown as [[number, string]];
const circleSecret = from64(secrets[0][1]);
const circleId = H(lp('relay/1 circle', rawOf(secretKey(ED25519, circleSeed))));

function pair(one: typeof ada, other: typeof ada): Buffer {
  const privateKey = secretKey(X25519, kdf(one.seed, 'relay/1 pairing key'));
  const shared = diffieHellman({ privateKey, publicKey: publicKey(X25519, other.bundle.subarray(1_248)) });
  const [lower, higher] = [one.keyHash, other.keyHash].toSorted(Buffer.compare) as [Buffer, Buffer];
  return kdf(shared, lp('relay/1 pair', circleId, lower, higher), circleSecret);
}

const tagKey = (from: typeof ada, to: typeof ada) =>
  kdf(pair(from, to), lp('relay/1 tag', from.keyHash, to.keyHash));

function blobId(key: Buffer, salt: Buffer, kind: number): Buffer {
  const mac = hmac(key, salt);
  return Buffer.concat([salt, mac.subarray(0, 7), Buffer.from([(mac[7] as number) ^ kind])]);
}

test('§2: bundle, key hash and circle id', () => {
  for (const { seed, bundle, keyHash } of members) {
    expect(to64(bundle.subarray(0, 32))).toBe(
      to64(rawOf(secretKey(ED25519, kdf(seed, 'relay/1 signing key')))),
    );
    expect(to64(bundle.subarray(1_248))).toBe(
      to64(rawOf(secretKey(X25519, kdf(seed, 'relay/1 pairing key')))),
    );
    expect(to64(keyHash)).toBe(to64(H(lp('relay/1 key hash', bundle))));
    expect(bundle.length).toBe(1_280);
  }
  expect(textsOf('circle.json', 'parseAllowlist')[0]?.expected.circleId).toBe(to64(circleId));
});

test('§2: what is kept on the member’s own machine, and the fingerprint', () => {
  for (const { input, expected } of textsOf('identity.json', 'deriveMember')) {
    const seed = from64(input.seed as string);
    const cipher = createCipheriv('aes-256-gcm', kdf(seed, 'relay/1 local storage key'), Buffer.alloc(12));
    cipher.final();
    expect(expected.storage).toBe(to64(cipher.getAuthTag()));
    expect(expected.localName).toBe(to64(kdf(seed, 'relay/1 local storage name').subarray(0, 16)));
    const digits = from64(expected.keyHash as string).toString('hex', 0, 16);
    expect(expected.fingerprint).toBe(digits.replace(/.{4}(?=.)/g, '$& '));
  }
});

test('§2.1: the frame of an identity file', () => {
  const file = dataOf('identity.json', 'identity 1');
  expect(file.toString('latin1', 0, 8)).toBe('RELAYID1');
  expect(file.readUInt32BE(8)).toBe(file.length - 12 - 32);
  expect(to64(file.subarray(-32))).toBe(to64(H(file.subarray(0, -32))));
});

test('§3: signature, commitment and hash of the roster', () => {
  const signed = dataOf('roster.json', 'roster 1');
  const roster = signed.subarray(64);
  const key = publicKey(ED25519, rawOf(secretKey(ED25519, circleSeed)));
  expect(verify(null, lp('relay/1 roster', roster), key, signed.subarray(0, 64))).toBe(true);
  const expected = textsOf('roster.json', 'openRoster')[0]?.expected;
  expect(expected?.hash).toBe(to64(H(lp('relay/1 roster hash', roster))));
  expect(expected?.secretHash).toBe(to64(H(lp('relay/1 circle secret', circleSecret))));
});

test('§4, §6, §11: masks and capabilities', () => {
  const found = textsOf('pair.json', 'pairSecrets')[0];
  const id = from64(found?.input.id as string);
  const shared = pair(ada, bo);
  const read = kdf(shared, lp('relay/1 read', id));
  const remove = kdf(shared, lp('relay/1 delete', id));
  expect(found?.expected).toEqual({
    outgoingMask: to64(kdf(shared, lp('relay/1 mask', ada.keyHash, bo.keyHash, id))),
    incomingMask: to64(kdf(shared, lp('relay/1 mask', bo.keyHash, ada.keyHash, id))),
    readSecret: to64(read),
    readHash: to64(H(read)),
    deleteSecret: to64(remove),
    deleteHash: to64(H(remove)),
  });
});

test('§5: blob ids', () => {
  const cases = textsOf('pair.json', 'makeBlobId');
  expect(cases.length).toBeGreaterThan(4);
  for (const { input, expected } of cases)
    expect(expected).toBe(to64(blobId(tagKey(ada, bo), from64(input.salt as string), Number(input.kind))));
});

test('§7: ids and bytes of chunks', () => {
  const cases = textsOf('chunk.json', 'sealChunk');
  expect(cases.length).toBeGreaterThan(5);
  for (const { input, expected } of cases) {
    const [fileKey, index] = [from64(input.fileKey as string), u32(Number(input.index))];
    const count = u32(Math.ceil(Number(input.size) / 65_520));
    const salt = hmac(fileKey, lp('relay/1 chunk salt', index)).subarray(0, 8);
    const id = blobId(tagKey(ada, bo), salt, 2);
    const info = lp('relay/1 chunk', Buffer.from([1]), circleId, ada.keyHash, bo.keyHash, id, index, count);
    const data = Buffer.alloc(65_520).fill(Number(input.fill), 0, Number(input.length));
    const cipher = createCipheriv('aes-256-gcm', kdf(fileKey, info), Buffer.alloc(12));
    const blob = Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
    expect(expected).toEqual({ id: to64(id), hash: to64(H(blob)) });
  }
});

test('§8, §9: hashes of records and conversation ids', () => {
  const records = ['record.json', 'kinds.json'].flatMap((file) => textsOf(file, 'decodeRecord'));
  const [hashed, direct, groups] = [
    records.filter(({ expected }) => expected),
    textsOf('conversation.json', 'directConversationId'),
    textsOf('conversation.json', 'groupConversationId'),
  ];
  // One of each, at least: a file or an operation that has another name now would pass.
  expect(Math.min(hashed.length, direct.length, groups.length)).toBeGreaterThan(0);
  for (const { input, expected } of hashed)
    expect(expected.hash).toBe(to64(H(lp('relay/1 record', from64(input.content as string)))));
  for (const { input, expected } of direct) {
    const ends = [input.a, input.b].map((text) => from64(text as string)).toSorted(Buffer.compare);
    expect(expected).toBe(to64(H(lp('relay/1 direct', circleId, ...ends))));
  }
  for (const { input, expected } of groups) {
    const listed = (input.members as unknown as string[]).map(from64);
    const parts = [from64(input.nonce as string), from64(input.parent as string), ...listed];
    expect(expected).toBe(to64(H(lp('relay/1 group', circleId, ...parts))));
  }
});

test('§9: the group that goes on when a member leaves', () => {
  const cases = textsOf('conversation.json', 'leaveSuccessor');
  expect(cases.length).toBeGreaterThan(3);
  for (const { input, expected } of cases) {
    const listed = (input.members as unknown as string[]).map(from64);
    const groupId = (nonce: Buffer, parent: Buffer, members: Buffer[]) =>
      H(lp('relay/1 group', circleId, nonce, parent, ...members));
    const old = groupId(from64(input.nonce as string), from64(input.parent as string), listed);
    const leaver = from64(input.leaver as string);
    const members = listed.filter((member) => Buffer.compare(member, leaver) !== 0);
    const nonce = H(lp('relay/1 leave', old, leaver)).subarray(0, 16);
    const id = to64(groupId(nonce, old, members));
    const next = { nonce: to64(nonce), members: members.map(to64), parent: to64(old), id };
    expect(expected).toEqual(members.length < 2 ? null : next);
  }
});

test('§4.1: safety numbers', () => {
  const cases = textsOf('safety.json', 'safetyNumber');
  expect(cases.length).toBeGreaterThan(3);
  for (const { input, expected } of cases) {
    const ends = [input.a, input.b].map((text) => from64(text as string)).toSorted(Buffer.compare);
    const hash = H(lp('relay/1 safety number', from64(input.circleId as string), ...ends));
    const bytes = Buffer.from(hkdfSync('sha256', hash, '', 'relay/1 safety digits', 60));
    const groups = Array.from({ length: 12 }, (_, i) => bytes.readUIntBE(5 * i, 5) % 100_000);
    const number = groups.map((group) => `${group}`.padStart(5, '0')).join(' ');
    expect(expected).toEqual({ hash: to64(hash), number, code: `relay-safety:1:${to64(hash)}` });
  }
});

test('§12: the proof of a session', () => {
  const nonce = Buffer.alloc(32, 7);
  const message = lp('relay/1 session', circleId, 'https://relay.example', nonce, ada.keyHash);
  const key = secretKey(ED25519, kdf(ada.seed, 'relay/1 signing key'));
  const proof = textsOf('session.json', 'proveSession')[0]?.expected;
  expect(proof).toEqual({ bundle: to64(ada.bundle), signature: to64(sign(null, message, key)) });
});

test('§21.1: rooms, seats and proofs of joining', () => {
  const keyOf = (secret: Buffer) => secretKey(ED25519, kdf(secret, 'relay/1 room key'));
  const rooms = textsOf('room.json', 'deriveRoom');
  expect(rooms.length).toBeGreaterThan(2);
  for (const { input, expected } of rooms) {
    const publicHalf = rawOf(keyOf(from64(input.secret as string)));
    expect(expected).toEqual({ id: to64(H(lp('relay/1 room', publicHalf))), publicKey: to64(publicHalf) });
  }
  const seats = textsOf('room.json', 'makeSeat');
  expect(seats.length).toBeGreaterThan(3);
  for (const { input, expected } of seats) {
    const [salt, keyHash] = [from64(input.salt as string), from64(input.keyHash as string)];
    const seatKey = kdf(from64(input.secret as string), 'relay/1 seat key');
    const tag = hmac(seatKey, Buffer.concat([salt, keyHash])).subarray(0, 16);
    expect(expected).toBe(to64(Buffer.concat([salt, tag])));
  }
  const [proof] = textsOf('room.json', 'proveJoin');
  const secret = from64(proof?.input.secret as string);
  const [nonce, seat] = [from64(proof?.input.nonce as string), from64(proof?.input.seat as string)];
  const claim = [circleId, proof?.input.origin as string, nonce, rawOf(keyOf(secret)), seat, ada.keyHash];
  const message = lp('relay/1 join', ...claim);
  expect(textsOf('room.json', 'joinMessage')[0]?.expected).toBe(to64(message));
  expect(proof?.expected).toBe(to64(sign(null, message, keyOf(secret))));
});

test('§13.1: credentials for TURN', () => {
  const cases = textsOf('turn.json', 'makeTurnCredential');
  expect(cases.length).toBeGreaterThan(3);
  for (const { input, expected } of cases) {
    const pseudonym = hmac(from64(input.token as string), Buffer.from('relay/1 turn pseudonym'));
    const username = `${input.expiry}:${to64(pseudonym.subarray(0, 12))}`;
    const credential = createHmac('sha1', Buffer.from(input.secret as string)).update(username);
    expect(expected).toEqual({ username, credential: credential.digest('base64') });
  }
});
