import { beforeEach, describe, expect, test } from 'vitest';
import type { CircleKey, Replacement } from '../src/index.ts';
import {
  deriveMemberKeys,
  generateCircle,
  MAX_CIRCLE_SECRETS,
  openCircleKey,
  openIdentity,
  openRosterUpdate,
  replaceMember,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { codeOf, makeMembers } from './support/members.ts';

const SEED = new Uint8Array(32).fill(7);
const SECRET = new Uint8Array(32).fill(8);

let members: Members;
let key: CircleKey;
let made: Replacement;

/** Gives the seed first, then the circle secret. */
function inTurn(): (n: number) => Uint8Array<ArrayBuffer> {
  const values = [SEED, SECRET];
  return () => Uint8Array.from(values.shift() ?? []);
}

beforeEach(async () => {
  members = await makeMembers();
  key = members.circle.circleKey;
  made = await replaceMember(key, 2, inTurn());
});

describe('a member that is replaced', () => {
  test('has new keys under the same number and label; the others keep theirs', async () => {
    const { roster } = await openCircleKey(made.circleKey);
    const { bundle, keyHash } = await deriveMemberKeys(SEED);
    expect(made.before).toEqual(members.bo.member);
    expect(made.after).toEqual({ ...members.bo.member, bundle, keyHash });
    expect(roster.members).toEqual([members.ada.member, made.after, members.cleo.member]);
  });

  test('stands in a roster with the next serial, of the same circle, under the new secret', async () => {
    const { roster } = await openCircleKey(made.circleKey);
    expect(roster.serial).toBe(members.ada.roster.serial + 1);
    expect(roster.circleId).toEqual(members.ada.roster.circleId);
    expect(made.circleKey.seed).toEqual(key.seed);
    expect(made.circleKey.secrets).toEqual([{ serial: 2, secret: SECRET }, ...key.secrets]);
  });

  test('gets a file that opens, with the newest secret alone', async () => {
    const identity = await openIdentity(made.identity);
    expect(identity.member).toEqual(made.after);
    expect(identity.secrets).toHaveLength(1);
    expect(identity.secrets[0]?.secret).toEqual(SECRET);
  });

  test('is allowed in, and the former key is not', () => {
    const hashes = [members.ada, made.after, members.cleo].map((one) =>
      'member' in one ? one.member.keyHash : one.keyHash,
    );
    expect(made.allowlist).toEqual({ circleId: members.ada.roster.circleId, keyHashes: hashes });
    expect(made.allowlist.keyHashes).not.toContainEqual(made.before.keyHash);
  });

  test('comes to the others by an update, which the former holder cannot open', async () => {
    for (const self of [members.ada, members.cleo]) {
      const { roster, circleSecret } = await openRosterUpdate(self, made.update);
      expect(roster.members[1]).toEqual(made.after);
      expect(circleSecret).toEqual(SECRET);
    }
    await expect(openRosterUpdate(members.bo, made.update)).rejects.toThrow();
  });
});

test('the key that was given is left as it was, and the same inputs make the same roster', async () => {
  const { roster } = await openCircleKey(key);
  expect(roster.serial).toBe(1);
  const again = await replaceMember(key, 2, inTurn());
  expect(again.circleKey).toEqual(made.circleKey);
});

test('the oldest secrets are let go of, and the newest never', async () => {
  let latest = made.circleKey;
  for (let i = 0; i < MAX_CIRCLE_SECRETS; i++) latest = (await replaceMember(latest, 1)).circleKey;
  expect(latest.secrets).toHaveLength(MAX_CIRCLE_SECRETS);
  const serials = latest.secrets.map(({ serial }) => serial);
  const newest = MAX_CIRCLE_SECRETS + 2;
  expect(serials).toEqual(Array.from({ length: MAX_CIRCLE_SECRETS }, (_, i) => newest - i));
});

test('no member with that number, or parts of two circles, and nothing is made', async () => {
  await expect(replaceMember(key, 4)).rejects.toThrow(RangeError);
  const { circleKey: other } = await generateCircle(['Ada', 'Bo']);
  expect(await codeOf(replaceMember({ ...key, seed: other.seed }, 2))).toBe('circle_key_invalid');
  expect(await codeOf(replaceMember({ ...key, secrets: other.secrets }, 2))).toBe('circle_key_invalid');
  expect(await codeOf(replaceMember({ ...key, secrets: [] }, 2))).toBe('circle_key_invalid');
});
