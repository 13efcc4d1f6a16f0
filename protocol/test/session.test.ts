import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bytes, SessionClaim } from '../src/index.ts';
import {
  b64,
  byePayload,
  challengeAnswer,
  errorAnswer,
  helloPayload,
  isRelayError,
  proveSession,
  RelayError,
  randomBytes,
  renewAck,
  sessionAnswer,
  sessionMessage,
  sessionRequest,
  ticketAnswer,
  ticketRequest,
  tokenPayload,
  turnAnswer,
  utf8,
  verifySessionProof,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { flipped, makeMembers } from './support/members.ts';
import { movedBorder } from './support/values.ts';

let members: Members;
let claim: SessionClaim;

beforeAll(async () => {
  members = await makeMembers();
  const { ada } = members;
  const origin = 'https://relay.example';
  claim = { circleId: ada.roster.circleId, origin, nonce: randomBytes(32), keyHash: ada.keys.keyHash };
});

describe('a session proof', () => {
  test('holds for its own claim alone', async () => {
    const { bundle, signature } = await proveSession(members.ada, claim.origin, claim.nonce);
    expect(await verifySessionProof(claim, bundle, signature)).toBe(true);
    const others: SessionClaim[] = [
      { ...claim, origin: 'http://relay.example' },
      { ...claim, origin: 'https://relay.example/' },
      { ...claim, origin: 'https://relay.example:443' },
      { ...claim, nonce: randomBytes(32) },
      { ...claim, circleId: randomBytes(32) },
      { ...claim, keyHash: members.bo.keys.keyHash },
    ];
    for (const other of others) expect(await verifySessionProof(other, bundle, signature)).toBe(false);
    expect(await verifySessionProof(claim, members.bo.keys.bundle, signature)).toBe(false);
    for (const wrong of [new Uint8Array(), new Uint8Array(64), signature.slice(1), randomBytes(64)])
      expect(await verifySessionProof(claim, bundle, wrong)).toBe(false);
    await fc.assert(
      fc.asyncProperty(fc.nat(511), async (bit) => {
        expect(await verifySessionProof(claim, bundle, flipped(signature, bit))).toBe(false);
      }),
    );
  });

  test('covers a message that no other claim has', () => {
    const messageOf = (fields: string[]) => {
      const [circleId, , nonce, keyHash] = fields.map(utf8) as [Bytes, Bytes, Bytes, Bytes];
      return b64(sessionMessage({ circleId, origin: fields[1] as string, nonce, keyHash }));
    };
    fc.assert(
      fc.property(movedBorder(4), ([one, other]) => {
        expect(messageOf(other)).not.toBe(messageOf(one));
      }),
    );
  });
});

describe('the shapes of requests', () => {
  const hash = b64(new Uint8Array(32));
  const request = {
    protocol: 1,
    origin: 'https://relay.example',
    nonce: hash,
    bundle: b64(new Uint8Array(1_280)),
    signature: b64(new Uint8Array(64)),
  };

  test('take what SPEC.md §12 and §13 say', () => {
    expect(sessionRequest.parse(request).bundle.length).toBe(1_280);
    expect(ticketRequest.parse({ recipient: hash }).recipient.length).toBe(32);
    expect(tokenPayload.parse({ token: hash }).token.length).toBe(32);
  });

  test('take nothing else: no unknown key, no other length, no other alphabet', () => {
    const wrong = [
      { ...request, more: 1 },
      { ...request, nonce: b64(new Uint8Array(31)) },
      { ...request, bundle: b64(new Uint8Array(1_279)) },
      { ...request, signature: `${'A'.repeat(85)}=` },
      { ...request, nonce: `${'A'.repeat(42)}/` },
      { ...request, nonce: `${'A'.repeat(42)}B` },
      { ...request, origin: '' },
      { ...request, origin: 'x'.repeat(256) },
      { ...request, protocol: '1' },
      { ...request, protocol: 1.5 },
      { ...request, nonce: undefined },
      [],
      null,
    ];
    for (const body of wrong) expect(sessionRequest.safeParse(body).success).toBe(false);
    for (const body of [{}, { recipient: 'AA' }, { recipient: hash, more: 1 }, { recipient: [hash] }])
      expect(ticketRequest.safeParse(body).success).toBe(false);
    for (const body of [{}, { token: '' }, { token: hash, more: 1 }, { token: 5 }])
      expect(tokenPayload.safeParse(body).success).toBe(false);
  });
});

test('answers of a later relay may say more, never less', () => {
  const hash = b64(new Uint8Array(32));
  expect(challengeAnswer.safeParse({ protocol: [1, 2], nonce: hash, expiresIn: 60, more: 1 }).success).toBe(
    true,
  );
  expect(challengeAnswer.safeParse({ protocol: [], nonce: hash, expiresIn: 60 }).success).toBe(false);
  expect(sessionAnswer.safeParse({ token: hash, expiresIn: -1 }).success).toBe(false);
  const ticket = { ticket: hash, blobs: 32, room: 0, capacity: 40 };
  expect(ticketAnswer.safeParse({ ...ticket, room: -1, expiresIn: 1 }).success).toBe(false);
  expect(ticketAnswer.safeParse({ ...ticket, room: undefined, expiresIn: 1 }).success).toBe(false);
  expect(ticketAnswer.safeParse({ ...ticket, blobs: 0, expiresIn: 1 }).success).toBe(false);
  expect(ticketAnswer.safeParse({ ...ticket, expiresIn: 300 }).success).toBe(true);
  const turn = { urls: ['turns:relay.example:5349?transport=tcp'], username: '60:a', credential: 'b' };
  expect(turnAnswer.safeParse({ ...turn, expiresIn: 60 }).success).toBe(true);
  expect(turnAnswer.safeParse({ ...turn, urls: ['turn:[2001:db8::1]:3478'], expiresIn: 60 }).success).toBe(
    true,
  );
  expect(turnAnswer.safeParse({ ...turn, urls: [], expiresIn: 60 }).success).toBe(false);
  for (const url of [
    'stun:stun.example:3478',
    'https://relay.example',
    'turn:',
    'turn:relay.example?transport=x',
  ])
    expect(turnAnswer.safeParse({ ...turn, urls: [url], expiresIn: 60 }).success).toBe(false);
  expect(helloPayload.safeParse({ protocol: [1], expiresIn: 900 }).success).toBe(true);
  expect(byePayload.safeParse({ code: 'session_ended' }).success).toBe(true);
  expect(byePayload.safeParse({ code: 'other' }).success).toBe(false);
  expect(renewAck.safeParse({ ok: true, expiresIn: 900 }).success).toBe(true);
  expect(renewAck.safeParse({ error: { code: 'unauthenticated', message: '' } }).success).toBe(true);
  expect(renewAck.safeParse({ ok: false, expiresIn: 900 }).success).toBe(false);
  expect(errorAnswer.safeParse({ error: { code: 'unknown_code', message: '' } }).success).toBe(false);
});

test('an error carries its code, words for a person, and the cause for the log', () => {
  const cause = new Error('disk');
  const error = new RelayError('unavailable', undefined, { cause, retryAfter: 3 });
  expect(error).toMatchObject({ name: 'RelayError', code: 'unavailable', retryAfter: 3, cause });
  expect(error.message).toContain('Try again');
  expect(isRelayError(error)).toBe(true);
  expect(isRelayError(error, 'internal')).toBe(false);
  expect(isRelayError(new Error('unavailable'))).toBe(false);
  expect(Object.hasOwn(new RelayError('internal'), 'cause')).toBe(false);
});
