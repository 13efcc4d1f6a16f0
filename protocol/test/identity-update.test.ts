import { beforeAll, describe, expect, test } from 'vitest';
import type { Identity, RosterUpdate } from '../src/index.ts';
import {
  hex,
  identityFileContent,
  identityWithRoster,
  loadIdentity,
  MAX_CIRCLE_SECRETS,
  openRoster,
  openRosterUpdate,
  randomBytes,
  sealRosterUpdate,
  signingKeyPair,
  signRoster,
  writeIdentityFile,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { codeOf, makeMembers, pairOf } from './support/members.ts';

let members: Members;

beforeAll(async () => {
  members = await makeMembers();
});

/** The signed roster of the same members under a new secret. */
async function renewed(serial: number, circleSecret: Uint8Array, members_ = members.ada.roster.members) {
  const { privateKey, publicKey } = await signingKeyPair(members.circle.circleKey.seed);
  return signRoster({ circlePublicKey: publicKey, serial, circleSecret, members: members_ }, privateKey);
}

async function updateFor(identity: Identity, serial: number): Promise<RosterUpdate> {
  const secret = randomBytes(32);
  return openRosterUpdate(identity, await sealRosterUpdate(await renewed(serial, secret), secret));
}

const fileOf = async (identity: Identity, passphrase?: string) =>
  writeIdentityFile(await identityFileContent(identity), passphrase);

describe('an identity file', () => {
  test('is written again as it was', async () => {
    const file = await fileOf(members.ada);
    expect(hex(await fileOf(await loadIdentity(file.slice())))).toBe(hex(file));
  });

  test('takes a roster update in, and opens as the same member, with a passphrase too', async () => {
    const update = await updateFor(members.ada, 2);
    const after = await identityWithRoster(members.ada, update);
    for (const passphrase of [undefined, 'seven small boats']) {
      const opened = await loadIdentity(await fileOf(after, passphrase), passphrase);
      expect(hex(opened.keys.keyHash)).toBe(hex(members.ada.keys.keyHash));
      expect(opened.member).toEqual(after.member);
      expect(opened.roster.serial).toBe(2);
      expect(opened.secrets).toEqual([{ serial: 2, secret: update.circleSecret }, ...members.ada.secrets]);
      expect((await pairOf(opened, members.bo)).serial).toBe(2);
    }
  });

  test('keeps the newest eight circle secrets', async () => {
    let identity = members.ada;
    for (let serial = 2; serial <= MAX_CIRCLE_SECRETS + 2; serial++)
      identity = await identityWithRoster(identity, await updateFor(identity, serial));
    const { secrets } = await loadIdentity(await fileOf(identity));
    expect(secrets.map(({ serial }) => serial)).toEqual([10, 9, 8, 7, 6, 5, 4, 3]);
  });
});

describe('a roster update that is not this member’s', () => {
  test('is refused: a roster that is not newer, another secret, another member’s key, another circle', async () => {
    const update = await updateFor(members.ada, 2);
    const after = await identityWithRoster(members.ada, update);
    expect(await codeOf(identityWithRoster(after, update))).toBe('roster_stale');
    const wrongSecret = { ...update, circleSecret: randomBytes(32) };
    expect(await codeOf(identityWithRoster(members.ada, wrongSecret))).toBe('roster_update_invalid');
    const [ada, bo, cleo] = members.ada.roster.members as [
      Identity['member'],
      Identity['member'],
      Identity['member'],
    ];
    const swapped = [{ ...ada, bundle: bo.bundle }, { ...bo, bundle: ada.bundle }, cleo];
    const roster = await openRoster(await renewed(3, update.circleSecret, swapped));
    expect(await codeOf(identityWithRoster(members.ada, { ...update, roster }))).toBe(
      'roster_update_invalid',
    );
    const stranger = (await makeMembers()).ada;
    expect(await codeOf(identityWithRoster(stranger, update))).toBe('roster_update_invalid');
  });
});
