import type { Allowlist, Bytes } from '@relay/protocol/wire';
import {
  BUNDLE_BYTES,
  b64,
  challengeAnswer,
  keyHashOf,
  ROUTES,
  randomBytes,
  sessionAnswer,
  sessionMessage,
  sha256,
} from '@relay/protocol/wire';

/** All that the relay ever sees of a member: a bundle whose first key signs. */
export interface TestMember {
  bundle: Bytes;
  keyHash: Bytes;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Bytes>;
}

/** Makes a member whose bundle is a real signing key and random bytes. */
export async function makeMember(): Promise<TestMember> {
  const { publicKey, privateKey } = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const bundle = randomBytes(BUNDLE_BYTES);
  bundle.set(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
  return {
    bundle,
    keyHash: await keyHashOf(bundle),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message)),
  };
}

/** A circle of such members. */
export interface TestCircle {
  circleId: Bytes;
  members: TestMember[];
  allowlist: Allowlist;
}

/** Makes a circle. */
export async function makeCircle(size = 3): Promise<TestCircle> {
  const circleId = await sha256(randomBytes(32));
  const members = await Promise.all(Array.from({ length: size }, makeMember));
  return { circleId, members, allowlist: { circleId, keyHashes: members.map(({ keyHash }) => keyHash) } };
}

/** What may differ from an honest proof. */
export interface ProofChanges {
  circleId?: Bytes;
  origin?: string;
  nonce?: Bytes;
  signature?: Bytes;
  protocol?: number;
  /** Sent beside the usual ones. */
  headers?: Record<string, string>;
}

/** Asks for a nonce. */
export async function askChallenge(url: string): Promise<Bytes> {
  const response = await fetch(url + ROUTES.challenge, { method: 'POST' });
  return challengeAnswer.parse(await response.json()).nonce;
}

/** Makes a session proof, honest unless changed: the body of the request. */
export async function proofOf(
  url: string,
  circle: TestCircle,
  member: TestMember,
  changes: ProofChanges = {},
): Promise<Record<string, unknown>> {
  const { circleId = circle.circleId, origin = url, nonce = await askChallenge(url), protocol = 1 } = changes;
  const message = sessionMessage({ circleId, origin, nonce, keyHash: member.keyHash });
  const signature = changes.signature ?? (await member.sign(message));
  return { protocol, origin, nonce: b64(nonce), bundle: b64(member.bundle), signature: b64(signature) };
}

/** Sends {@link proofOf}. */
export async function prove(
  url: string,
  circle: TestCircle,
  member: TestMember,
  changes: ProofChanges = {},
): Promise<Response> {
  return fetch(url + ROUTES.sessions, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...changes.headers },
    body: JSON.stringify(await proofOf(url, circle, member, changes)),
  });
}

/** Opens a session; resolves to its token, 32 bytes. */
export async function logIn(url: string, circle: TestCircle, member: TestMember): Promise<Bytes> {
  const response = await prove(url, circle, member);
  if (!response.ok) throw new Error(`no session: ${await response.text()}`);
  return sessionAnswer.parse(await response.json()).token;
}
