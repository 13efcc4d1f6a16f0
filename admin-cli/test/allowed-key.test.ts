import type { Bytes } from '@relay/protocol/wire';
import { fingerprintOf, formatAllowlist, RelayError } from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import { UserFault } from '../src/faults.ts';
import {
  restoredJson,
  restoredText,
  revokedJson,
  revokedText,
  revokeQuestion,
} from '../src/render/allowed-key.ts';
import { parseFingerprint, restoreKey, revokeKey } from '../src/services/allowed-key.ts';

const key = (start: number, end = 0): Bytes => new Uint8Array(32).fill(start, 0, 8).fill(end, 8);
const [A, B] = [key(0xaa, 1), key(0xbb, 2)];
const DIGITS_A = 'aaaa aaaa aaaa aaaa';
const CIRCLE = new Uint8Array(32).fill(7);
const ALLOWLIST = formatAllowlist({ circleId: CIRCLE, keyHashes: [A, B] });

/** A store in memory, with what was done to it. */
function fakeStore(keys: readonly Bytes[], blobs = 3) {
  const done: string[] = [];
  let members = keys.map((keyHash) => ({ keyHash, blobs }));
  return {
    done,
    listMembers: async () => members,
    revoke: async (keyHash: Bytes) => {
      done.push(`revoke ${fingerprintOf(keyHash).slice(0, 4)}`);
      const before = members.length;
      members = members.filter((one) => one.keyHash !== keyHash);
      return members.length < before;
    },
    seed: async (
      { keyHashes }: { circleId: Bytes; keyHashes: readonly Bytes[] },
      { prune }: { prune: boolean },
    ) => {
      done.push(`seed ${keyHashes.map((one) => fingerprintOf(one).slice(0, 4)).join()} ${prune}`);
      const added = keyHashes.filter(
        (one) => !members.some(({ keyHash }) => fingerprintOf(keyHash) === fingerprintOf(one)),
      );
      members = [...members, ...added.map((keyHash) => ({ keyHash, blobs: 0 }))];
      return { added: added.length, unchanged: keyHashes.length - added.length, removed: 0, kept: 0 };
    },
  };
}

const unknown = expect.objectContaining({ code: 'fingerprint_unknown' });

test('revoking takes the one key that is meant, and asks with what will be lost', async () => {
  const store = fakeStore([A, B]);
  const questions: string[] = [];
  const confirm = async (member: Parameters<typeof revokeQuestion>[0]) =>
    void questions.push(revokeQuestion(member));
  const revoked = await revokeKey(store, { fingerprint: DIGITS_A.toUpperCase(), confirm });
  expect(revoked).toEqual({ keyHash: A, blobs: 3 });
  expect(store.done).toEqual(['revoke aaaa']);
  expect(questions.join()).toContain('3 blobs deleted');
  expect(revokedJson(revoked)).toEqual({ fingerprint: fingerprintOf(A), blobs: 3 });
  expect(revokedText(revoked)).toContain('identities replace');
  // Again, and it is not there any more.
  await expect(revokeKey(store, { fingerprint: DIGITS_A })).rejects.toThrow(unknown);
  expect(store.done).toHaveLength(1);
});

test('nothing is revoked without consent, for a key that is not there, or one of two that begin alike', async () => {
  const store = fakeStore([A, B, key(0xaa, 9)]);
  const refuse = async () => {
    throw new UserFault('not_confirmed', 'No.');
  };
  await expect(revokeKey(store, { fingerprint: 'bbbbbbbbbbbbbbbb', confirm: refuse })).rejects.toThrow('No.');
  await expect(revokeKey(store, { fingerprint: 'cccccccccccccccc' })).rejects.toThrow('mistyped');
  await expect(revokeKey(store, { fingerprint: DIGITS_A })).rejects.toThrow('Give more digits');
  expect(store.done).toEqual([]);
  await revokeKey(store, { fingerprint: `${DIGITS_A}09` });
  expect(store.done).toEqual(['revoke aaaa']);
});

test('a key that another revoked meanwhile is told as gone', async () => {
  const store = { ...fakeStore([A]), revoke: async () => false };
  await expect(revokeKey(store, { fingerprint: DIGITS_A })).rejects.toThrow(unknown);
});

test('restoring puts back one key of the allowlist and no other, and does no harm twice', async () => {
  const store = fakeStore([B]);
  const restored = await restoreKey(store, { fingerprint: DIGITS_A, text: ALLOWLIST });
  expect(restored).toEqual({ circleId: CIRCLE, keyHash: A, wasThere: false });
  const again = await restoreKey(store, { fingerprint: DIGITS_A, text: ALLOWLIST });
  expect(again.wasThere).toBe(true);
  expect(store.done).toEqual(['seed aaaa false', 'seed aaaa false']);
  expect(restoredJson(restored)).toMatchObject({ fingerprint: fingerprintOf(A), restored: true });
  expect([restoredText(restored), restoredText(again)].map((text) => text.split(' ')[0])).toEqual([
    'Restored',
    'The',
  ]);
});

test('nothing is restored from another list, for a key that it lacks, or into another circle', async () => {
  const store = fakeStore([]);
  await expect(restoreKey(store, { fingerprint: 'cccccccccccccccc', text: ALLOWLIST })).rejects.toThrow(
    unknown,
  );
  await expect(restoreKey(store, { fingerprint: DIGITS_A, text: '{}' })).rejects.toThrow(
    expect.objectContaining({ code: 'allowlist_invalid' }),
  );
  expect(store.done).toEqual([]);
  const other = {
    seed: async () => {
      throw new RelayError('circle_mismatch');
    },
  };
  await expect(restoreKey(other, { fingerprint: DIGITS_A, text: ALLOWLIST })).rejects.toThrow(
    expect.objectContaining({ code: 'circle_mismatch' }),
  );
});

test('a fingerprint is taken as people write it, from four groups on', () => {
  for (const text of [DIGITS_A, 'AAAA:AAAA:AAAA:AAAA', 'aaaa-aaaa-aaaa-aaaa']) {
    expect(parseFingerprint(text)).toBe('a'.repeat(16));
  }
  for (const text of ['', 'aaaa aaaa aaaa', 'x'.repeat(16), 'a'.repeat(65)])
    expect(() => parseFingerprint(text)).toThrow(unknown);
});
