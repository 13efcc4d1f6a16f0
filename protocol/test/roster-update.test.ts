import { beforeAll, describe, expect, test } from 'vitest';
import type { RosterContent } from '../src/index.ts';
import {
  concat,
  deriveMemberKeys,
  equalBytes,
  lp,
  openRosterUpdate,
  platformHpke,
  publicKeysOf,
  randomBytes,
  sealRosterUpdate,
  signingKeyPair,
  signRoster,
  u32,
} from '../src/index.ts';
import { encryptOnce } from '../src/symmetric.ts';
import type { Members } from './support/members.ts';
import { codeOf, makeMembers } from './support/members.ts';

const PADDED_BYTES = 92_656;
const circleSecret = randomBytes(32);
let members: Members;
/** What the circle says next: the same members, a new secret. */
let next: RosterContent;
let circleKey: CryptoKey;

beforeAll(async () => {
  members = await makeMembers();
  const { privateKey, publicKey } = await signingKeyPair(members.circle.circleKey.seed);
  circleKey = privateKey;
  next = { circlePublicKey: publicKey, serial: 2, circleSecret, members: members.ada.roster.members };
});

function pad(signed: Uint8Array): Uint8Array {
  const padded = new Uint8Array(PADDED_BYTES);
  padded.set(concat(u32(signed.length), signed));
  return padded;
}

/** An update for Ada alone, of any content: what someone can make who knows her public keys. */
async function makeUpdate(padded: Uint8Array): Promise<Uint8Array> {
  const { keys, roster } = members.ada;
  const hpke = await platformHpke();
  const key = await hpke.deserializePublicKey(publicKeysOf(keys.bundle).sealing.slice());
  const contentKey = randomBytes(32);
  const secrets = concat(contentKey, circleSecret);
  const { enc, ct } = await hpke.seal(key, lp('relay/1 roster slot', roster.circleId), secrets);
  const slots = concat(randomBytes(5 * 1_200), enc, ct, randomBytes(26 * 1_200));
  return concat(slots, await encryptOnce(contentKey, padded, slots));
}

const codeFor = async (padded: Uint8Array) => codeOf(openRosterUpdate(members.ada, await makeUpdate(padded)));

describe('a roster update', () => {
  test('is accepted from whoever has the circle’s signature, in any slot', async () => {
    const update = await makeUpdate(pad(await signRoster(next, circleKey)));
    const opened = await openRosterUpdate(members.ada, update);
    expect(opened.roster.serial).toBe(2);
    expect(equalBytes(opened.circleSecret, circleSecret)).toBe(true);
  });

  test('is refused when its roster is not the circle’s, not the member’s, or not of its secret', async () => {
    const other = await signingKeyPair(randomBytes(32));
    const { bundle } = await deriveMemberKeys(randomBytes(32));
    const [ada, ...rest] = next.members as [RosterContent['members'][0]];
    const wrong: [RosterContent, CryptoKey][] = [
      [next, other.privateKey],
      [{ ...next, circlePublicKey: other.publicKey }, other.privateKey],
      [{ ...next, members: rest }, circleKey],
      [{ ...next, members: [{ ...ada, bundle }, ...rest] }, circleKey],
      [{ ...next, circleSecret: randomBytes(32) }, circleKey],
    ];
    for (const [content, key] of wrong)
      expect(await codeFor(pad(await signRoster(content, key)))).toBe('roster_update_invalid');
  });

  test('is refused as stale unless its serial is higher', async () => {
    expect(await codeFor(pad(await signRoster({ ...next, serial: 1 }, circleKey)))).toBe('roster_stale');
    const { signedRoster, secrets } = members.circle.circleKey;
    const again = await sealRosterUpdate(signedRoster, secrets[0]?.secret as Uint8Array);
    expect(await codeOf(openRosterUpdate(members.ada, again))).toBe('roster_stale');
    const uncommitted = await sealRosterUpdate(signedRoster, randomBytes(32));
    expect(await codeOf(openRosterUpdate(members.ada, uncommitted))).toBe('roster_update_invalid');
  });

  test('is refused with anything behind its roster, or a length that does not fit', async () => {
    const good = pad(await signRoster(next, circleKey));
    const length = good.slice(0, 4);
    for (const at of [good.findLastIndex((byte) => byte !== 0) + 1, 50_000, PADDED_BYTES - 1]) {
      const hidden = good.slice();
      hidden[at] = 1;
      expect(await codeFor(hidden)).toBe('roster_update_invalid');
    }
    const lengths = [u32(0), u32(63), u32(64), u32(PADDED_BYTES - 3), u32(2 ** 32 - 1)];
    for (const wrong of lengths)
      expect(await codeFor(concat(wrong, good.slice(4)))).toBe('roster_update_invalid');
    for (const content of [new Uint8Array(PADDED_BYTES), new Uint8Array(PADDED_BYTES).fill(255)])
      expect(await codeFor(content)).toBe('roster_update_invalid');
    for (const shorter of [0, 3, 4, PADDED_BYTES - 1])
      expect(await codeFor(good.slice(0, shorter))).toBe('roster_update_invalid');
    expect(await codeFor(concat(length, good.slice(4), new Uint8Array(1)))).toBe('roster_update_invalid');
  });
});
