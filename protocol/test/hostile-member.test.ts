/** What someone may do who holds keys: a member, a sender, whoever has the circle's key. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { IdentityContent, Pair } from '../src/index.ts';
import {
  concat,
  decodeRecord,
  encodeCbor,
  isRelayError,
  loadIdentity,
  openIdentity,
  openMessage,
  openRoster,
  randomBytes,
  readCircleKey,
  signingKeyPair,
  signRoster,
  utf8,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { codeOf, codeOfCall, makeMembers, pairOf, refused } from './support/members.ts';
import { sealShaped } from './support/shaped.ts';
import { anyCbor, anything } from './support/values.ts';

let members: Members;
let sending: Pair;
let receiving: Pair;

const record = () => ({
  id: randomBytes(16),
  at: 0,
  conversation: randomBytes(32),
  writer: randomBytes(8),
  n: 1,
  prev: [],
  heads: [],
  kind: 'text',
  body: { text: '' },
});

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  receiving = await pairOf(members.bo, members.ada);
});

describe('a hostile member', () => {
  test('seals any body it likes: it is a message of the right shape, or malformed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, anyCbor), async (body) => {
        const { id, blob } = await sealShaped(sending, { body });
        await refused(['blob_malformed'], () => openMessage(receiving, id, blob));
      }),
    );
  });

  test('cannot lie about the length or hide bytes behind the body', async () => {
    const body = encodeCbor({ records: [[new Uint8Array(3), {}]], roster: [1, new Uint8Array(32)] });
    const wrong: [object, string][] = [
      [{ body, bodyLength: 2 ** 32 - 1 }, 'blob_malformed'],
      [{ body, bodyLength: 64_333 }, 'blob_malformed'],
      [{ body, bodyLength: body.length - 1 }, 'blob_malformed'],
      [{ body, bodyLength: body.length + 1 }, 'blob_forged'],
      [{ body, padding: 1 }, 'blob_malformed'],
      [{ body, signer: members.cleo }, 'blob_forged'],
      [{ body, signer: members.bo }, 'blob_forged'],
    ];
    for (const [shape, code] of wrong) {
      const { id, blob } = await sealShaped(sending, shape);
      expect(await codeOf(openMessage(receiving, id, blob))).toBe(code);
    }
  });

  test('cannot reach into JavaScript’s objects by the names of keys', async () => {
    expect(decodeRecord(encodeCbor(record())).kind).toBe('text');
    const evil = (name: string) => concat(Uint8Array.of(0xa1), encodeCbor(name), encodeCbor({ polluted: 1 }));
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const list = concat(Uint8Array.of(0x82), encodeCbor(new Uint8Array()), evil(name));
      const roster = encodeCbor([1, new Uint8Array(32)]);
      const body = concat(
        Uint8Array.of(0xa2),
        encodeCbor('roster'),
        roster,
        encodeCbor('records'),
        Uint8Array.of(0x81),
        list,
      );
      const { id, blob } = await sealShaped(sending, { body });
      const opened = await openMessage(receiving, id, blob).catch((error) => {
        expect(isRelayError(error, 'blob_malformed')).toBe(true);
      });
      for (const record of opened?.records ?? []) {
        expect((record.private as { polluted?: number }).polluted).toBeUndefined();
        expect((record as { polluted?: number }).polluted).toBeUndefined();
      }
      expect(codeOfCall(() => decodeRecord(evil(name)))).toBe('record_invalid');
      const more = Object.defineProperty({ ...record() }, name, { value: 1, enumerable: true });
      expect(codeOfCall(() => decodeRecord(encodeCbor(more)))).toBe('record_invalid');
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
      expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
    }
  });

  test('with the circle’s key writes any roster it likes: of the right shape, or refused', async () => {
    const { privateKey } = await signingKeyPair(members.circle.circleKey.seed);
    const { circlePublicKey, members: listed } = members.ada.roster;
    const member = fc.record({
      number: fc.integer({ min: -1, max: 5 }),
      label: fc.string({ unit: 'binary', maxLength: 70 }),
      bundle: fc.constantFrom(
        ...listed.map(({ bundle }) => bundle),
        new Uint8Array(1_280),
        new Uint8Array(3),
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(member, { maxLength: 4 }),
        fc.integer({ min: -1, max: 3 }),
        async (list, serial) => {
          const content = { circlePublicKey, serial, circleSecret: new Uint8Array(32), members: list };
          let roster: Awaited<ReturnType<typeof openRoster>>;
          try {
            roster = await openRoster(await signRoster(content, privateKey));
          } catch (error) {
            expect(isRelayError(error, 'roster_invalid')).toBe(true);
            return;
          }
          const numbers = roster.members.map(({ number }) => number);
          expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
          expect(roster.members.length).toBeGreaterThanOrEqual(2);
          expect(roster.serial).toBeGreaterThan(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a file that claims to be wrapped', () => {
  const header = 'age-encryption.org/v1\n';
  test('is refused whatever follows, and does not make the page work for long', async () => {
    const salt = 'A'.repeat(22);
    const bodies = [
      '',
      '\n',
      `-> scrypt ${salt} 30\n${'A'.repeat(43)}\n--- ${'A'.repeat(43)}\n`,
      '-> X25519 AAAA\nAAAA\n---',
    ];
    for (const body of bodies) {
      const file = utf8(header + body);
      expect(await codeOf(loadIdentity(file, 'x'))).toBe('identity_passphrase');
      expect(await codeOf(readCircleKey(file, 'x'))).toBe('identity_passphrase');
      expect(await codeOf(loadIdentity(file))).toBe('identity_locked');
      expect(await codeOf(readCircleKey(file))).toBe('identity_locked');
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary-ascii' }), async (body) => {
        expect(await codeOf(loadIdentity(utf8(header + body), 'x'))).toBe('identity_passphrase');
      }),
    );
  });
});

test('the seed is erased once an identity was opened, be it good or not', async () => {
  const [first, second] = members.circle.identities as [IdentityContent, IdentityContent];
  const good = { ...first, seed: first.seed.slice() };
  await openIdentity(good);
  expect(good.seed).toEqual(new Uint8Array(32));
  const bad = { ...first, seed: second.seed.slice() };
  expect(await codeOf(openIdentity(bad))).toBe('identity_inconsistent');
  expect(bad.seed).toEqual(new Uint8Array(32));
});
