import { beforeAll, describe, expect, test } from 'vitest';
import type { IdentityContent, NewCircle } from '../src/index.ts';
import {
  deriveMemberKeys,
  equalBytes,
  formatAllowlist,
  generateCircle,
  hex,
  loadIdentity,
  MAX_MEMBERS,
  openIdentity,
  openLocal,
  openRosterUpdate,
  parseAllowlist,
  ROSTER_UPDATE_BYTES,
  randomBytes,
  readCircleKey,
  readIdentityFile,
  sealLocal,
  sealRosterUpdate,
  signingKeyPair,
  signRoster,
  writeCircleKey,
  writeIdentityFile,
} from '../src/index.ts';
import { codeOf, flipped } from './support/members.ts';

const LABELS = Array.from(
  { length: MAX_MEMBERS },
  (_, i) => `${String(i).padStart(2, '0')}${'é'.repeat(31)}`,
);
const made: number[] = [];
let circle: NewCircle;

const copyOf = (content: IdentityContent | undefined): IdentityContent => {
  if (content === undefined) throw new TypeError('no such member');
  return { ...content, seed: content.seed.slice() };
};

beforeAll(async () => {
  circle = await generateCircle(LABELS, randomBytes, (count) => made.push(count));
});

test.each([
  ['one label', ['Ada']],
  ['33 labels', Array.from({ length: MAX_MEMBERS + 1 }, (_, i) => `member ${i}`)],
  ['an empty label', ['Ada', '']],
  ['a label that turns the line around', ['Ada', 'Bruno\u202e']],
])('no circle is made of %s', async (_what, labels) => {
  await expect(generateCircle(labels)).rejects.toThrow(RangeError);
});

describe('the largest circle', () => {
  test('has a file for each member, which all agree on the roster', async () => {
    expect(made).toEqual(LABELS.map((_, i) => i + 1));
    const rosters = new Set<string>();
    for (const [i, content] of circle.identities.entries()) {
      const identity = await loadIdentity(await writeIdentityFile(content));
      expect(identity.member).toMatchObject({ number: i + 1, label: LABELS[i] });
      rosters.add(hex(identity.roster.hash));
      expect(identity.roster.members.length).toBe(MAX_MEMBERS);
    }
    expect(rosters.size).toBe(1);
  });

  test('gives the relay key hashes in an order that says nothing, and nothing else', async () => {
    const text = formatAllowlist(circle.allowlist);
    const { circleId, keyHashes } = parseAllowlist(text);
    expect(circleId).toEqual(circle.allowlist.circleId);
    expect(keyHashes.map(hex)).toEqual(circle.allowlist.keyHashes.map(hex).toSorted());
    expect(Object.keys(JSON.parse(text))).toEqual(['format', 'version', 'circle', 'keys']);
    for (const label of LABELS) expect(text).not.toContain(label);
  });

  test('has a key file that comes back', async () => {
    const key = await readCircleKey(await writeCircleKey(circle.circleKey));
    expect(key.seed).toEqual(circle.circleKey.seed);
    expect(key.signedRoster).toEqual(circle.circleKey.signedRoster);
    expect(key.secrets.map(({ serial }) => serial)).toEqual([1]);
  });

  test('gets an update of one size, which every remaining member opens and the replaced one does not', async () => {
    const first = await openIdentity(copyOf(circle.identities[0]));
    const newcomer = { ...copyOf(circle.identities[1]), seed: randomBytes(32) };
    const { bundle } = await deriveMemberKeys(newcomer.seed);
    const { privateKey, publicKey } = await signingKeyPair(circle.circleKey.seed);
    const members = first.roster.members.map((member) =>
      member.number === 2 ? { ...member, bundle } : member,
    );
    const circleSecret = randomBytes(32);
    const signed = await signRoster(
      { circlePublicKey: publicKey, serial: 2, circleSecret, members },
      privateKey,
    );
    const update = await sealRosterUpdate(signed, circleSecret);
    expect(update.length).toBe(ROSTER_UPDATE_BYTES);
    for (const [i, content] of circle.identities.entries()) {
      const identity = await openIdentity(copyOf(content));
      if (i === 1) {
        expect(await codeOf(openRosterUpdate(identity, update))).toBe('roster_update_invalid');
        continue;
      }
      const opened = await openRosterUpdate(identity, update);
      expect(opened.roster.serial).toBe(2);
      expect(equalBytes(opened.circleSecret, circleSecret)).toBe(true);
    }
    const other = await sealRosterUpdate(signed, circleSecret);
    expect(equalBytes(other.subarray(0, 1_200), update.subarray(0, 1_200))).toBe(false);
  });
});

describe('an identity file', () => {
  test('of a member with eight circle secrets comes back, newest first', async () => {
    const content = copyOf(circle.identities[4]);
    const secrets = [8, 7, 6, 5, 4, 3, 2, 1].map((serial) => ({ serial, secret: randomBytes(32) }));
    const read = await readIdentityFile(await writeIdentityFile({ ...content, secrets }));
    expect(read.secrets).toEqual(secrets);
    expect(read.seed).toEqual(content.seed);
  });
});

describe('what is kept on the member’s own machine', () => {
  test('is read back by the same member alone, and not if it was changed', async () => {
    const own = (await openIdentity(copyOf(circle.identities[0]))).keys.local;
    const again = (await openIdentity(copyOf(circle.identities[0]))).keys.local;
    const other = (await openIdentity(copyOf(circle.identities[2]))).keys.local;
    const secret = randomBytes(1_000);
    const sealed = await sealLocal(own.storage, secret);
    expect(await openLocal(again.storage, sealed)).toEqual(secret);
    expect(again.name).toEqual(own.name);
    expect(other.name).not.toEqual(own.name);
    expect(await sealLocal(own.storage, secret)).not.toEqual(sealed);
    await expect(openLocal(other.storage, sealed)).rejects.toThrow();
    for (const bit of [0, 95, 96, 8 * sealed.length - 1])
      await expect(openLocal(own.storage, flipped(sealed, bit))).rejects.toThrow();
    for (const length of [0, 11, 12, 27])
      await expect(openLocal(own.storage, sealed.slice(0, length))).rejects.toThrow();
    expect(own.storage.extractable).toBe(false);
  });
});
