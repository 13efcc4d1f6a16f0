/** Vectors of identities and of the files that hold them (SPEC.md §2, §3). */

import { frameFile } from '../../src/framed-file.ts';
import type { IdentityContent } from '../../src/index.ts';
import {
  b64,
  concat,
  deriveMemberKeys,
  encodeCbor,
  formatAllowlist,
  openRoster,
  parseAllowlist,
  signingKeyPair,
  signRoster,
  writeCircleKey,
  writeIdentityFile,
} from '../../src/index.ts';
import { keysJson } from '../../test/vectors/operations.ts';
import type { Circles } from './circle.ts';
import { identityOf, longerForm } from './circle.ts';
import { VectorDraft } from './file.ts';

const payloadOf = (file: Uint8Array) => file.slice(12, -32);
const secretsOf = (list: IdentityContent['secrets']) =>
  list.map(({ serial, secret }) => [serial, b64(secret)]);

/** Identity files. */
export async function identityVectors({ circle, files, nextFile, newcomerFile, foreignFile }: Circles) {
  const draft = new VectorDraft('SPEC.md §2, §2.1');
  const [first, second] = circle.identities as [IdentityContent, IdentityContent];
  for (const [i, { seed }] of circle.identities.entries()) {
    const expected = await keysJson(await deriveMemberKeys(seed));
    draft.valid(`keys of member ${i + 1}`, 'deriveMember', { seed: b64(seed) }, expected);
  }
  const named = files.map((file, i) => draft.name(`identity ${i + 1}`, file));
  draft.name('identity 1 after the update', nextFile);
  draft.name('identity of the newcomer', newcomerFile);
  draft.name('identity of another circle', foreignFile);
  for (const [i, content] of circle.identities.entries()) {
    const { member, roster } = await identityOf(circle, i);
    const { number, label, keyHash } = member;
    draft.valid(
      `member ${number}`,
      'loadIdentity',
      { file: named[i] as { $: string } },
      {
        member: { number, label, keyHash: b64(keyHash) },
        keyHash: b64(keyHash),
        circleId: b64(roster.circleId),
        serial: 1,
        secrets: secretsOf(content.secrets),
      },
    );
  }
  const file = { $: 'identity 1' };
  const fails = (name: string, input: { [key: string]: unknown }, code: string) =>
    draft.fails(name, 'loadIdentity', { file: { ...file, ...input } as { $: string } }, code);
  const length = (files[0] as Uint8Array).length;
  for (const cut of [1, 7, 8, 11, 12, 500, length - 33, length - 1])
    fails(`cut after ${cut} bytes`, { cut }, 'identity_truncated');
  fails('empty', { cut: 0 }, 'identity_foreign');
  fails('foreign magic', { xor: [[0, 1]] }, 'identity_foreign');
  fails(
    'a circle.key',
    {
      xor: [
        [5, 0x49 ^ 0x43],
        [6, 0x44 ^ 0x4b],
      ],
    },
    'identity_foreign',
  );
  fails('version 2', { xor: [[7, 0x31 ^ 0x32]] }, 'identity_version');
  fails('version 9', { xor: [[7, 0x31 ^ 0x39]] }, 'identity_version');
  fails('version that is no digit', { xor: [[7, 0x31 ^ 0x41]] }, 'identity_foreign');
  fails('flipped bit in the payload', { xor: [[100, 128]] }, 'identity_corrupt');
  fails('flipped bit in the hash', { xor: [[-1, 1]] }, 'identity_corrupt');
  fails('length far too large', { xor: [[8, 1]] }, 'identity_truncated');
  const low = (files[0] as Uint8Array)[11] as number;
  fails('length one too small', { xor: [[11, low ^ (low - 1)]] }, 'identity_corrupt');
  fails('one byte more', { add: 'AA' }, 'identity_corrupt');

  const written = async (name: string, changes: Partial<IdentityContent>, code: string) => {
    const bytes = await writeIdentityFile({ ...first, ...changes });
    draft.fails(name, 'loadIdentity', { file: b64(bytes) }, code);
  };
  const badRoster = first.signedRoster.slice();
  badRoster[10] = (badRoster[10] as number) ^ 4;
  const older = { serial: 1, secret: new Uint8Array(32) };
  const newer = { serial: 2, secret: new Uint8Array(32) };
  await written('seed of another member', { seed: second.seed }, 'identity_inconsistent');
  await written('number of another member', { number: 2 }, 'identity_inconsistent');
  await written('number of nobody', { number: 4 }, 'identity_inconsistent');
  await written('bad roster signature', { signedRoster: badRoster }, 'identity_inconsistent');
  await written('empty roster', { signedRoster: new Uint8Array() }, 'identity_inconsistent');
  await written(
    'circle key other than the roster’s',
    { circlePublicKey: new Uint8Array(32) },
    'identity_inconsistent',
  );
  await written('circle secret other than the roster’s', { secrets: [older] }, 'identity_inconsistent');
  await written(
    'newest secret of another serial',
    { secrets: [newer, ...first.secrets] },
    'identity_inconsistent',
  );
  const [secret] = first.secrets as [IdentityContent['secrets'][0]];
  const renamed = { secrets: [{ ...secret, serial: 2 }] };
  await written('the roster’s secret under another serial', renamed, 'identity_inconsistent');
  await written('secrets not newest first', { secrets: [...first.secrets, newer] }, 'identity_corrupt');
  await written('one serial twice', { secrets: [...first.secrets, older] }, 'identity_corrupt');
  await written('no secrets', { secrets: [] }, 'identity_corrupt');
  const nine = Array.from({ length: 9 }, (_, i) => ({ serial: 9 - i, secret: new Uint8Array(32) }));
  await written('nine secrets', { secrets: nine }, 'identity_corrupt');
  await written('short seed', { seed: new Uint8Array(31) }, 'identity_corrupt');

  const framed = async (name: string, payload: Uint8Array) => {
    const bytes = await frameFile('RELAYID1', payload);
    draft.fails(name, 'loadIdentity', { file: b64(bytes) }, 'identity_corrupt');
  };
  await framed('payload not in deterministic CBOR', longerForm(payloadOf(files[0] as Uint8Array)));
  await framed('empty payload', new Uint8Array());
  await framed('payload that is no map', encodeCbor([1, 2]));
  await framed('payload with bytes behind it', concat(payloadOf(files[0] as Uint8Array), Uint8Array.of(0)));
  return draft;
}

/** `circle.key` and the allowlist. */
export async function circleVectors({ circle, nextKey }: Circles) {
  const draft = new VectorDraft('SPEC.md §2.2, §2.3');
  for (const [name, key] of [
    ['circle.key', circle.circleKey],
    ['circle.key after the update', nextKey],
  ] as const) {
    draft.name(name, await writeCircleKey(key));
    const expected = { seed: b64(key.seed), secrets: secretsOf(key.secrets), roster: b64(key.signedRoster) };
    draft.valid(name, 'readCircleKey', { file: { $: name } }, expected);
  }
  const fails = (name: string, change: { [key: string]: unknown }) =>
    draft.fails(
      name,
      'readCircleKey',
      { file: { $: 'circle.key', ...change } as { $: string } },
      'circle_key_invalid',
    );
  fails('foreign magic', { xor: [[0, 1]] });
  fails('version 2', { xor: [[7, 3]] });
  fails('cut', { cut: 40 });
  fails('flipped bit', { xor: [[60, 2]] });
  draft.fails('an identity file', 'readCircleKey', { file: { $: 'identity 1' } }, 'circle_key_invalid');

  const text = formatAllowlist(circle.allowlist);
  const { circleId, keyHashes } = parseAllowlist(text);
  const expected = { circleId: b64(circleId), keyHashes: keyHashes.map(b64) };
  const unsorted = circle.allowlist.keyHashes.map(b64);
  draft.valid(
    'writing the allowlist',
    'formatAllowlist',
    { circleId: b64(circleId), keyHashes: unsorted },
    text,
  );
  draft.valid('reading the allowlist', 'parseAllowlist', { text }, expected);
  const json = JSON.parse(text) as { keys: string[] };
  const wrong = (name: string, value: unknown) =>
    draft.fails(name, 'parseAllowlist', { text: JSON.stringify(value) }, 'allowlist_invalid');
  wrong('another format', { ...json, format: 'allowed-keys' });
  wrong('another version', { ...json, version: 2 });
  wrong('an unknown key', { ...json, names: [] });
  wrong('one member', { ...json, keys: json.keys.slice(0, 1) });
  wrong('33 members', {
    ...json,
    keys: Array.from({ length: 33 }, (_, i) => b64(new Uint8Array(32).fill(i))),
  });
  wrong('a key twice', { ...json, keys: [json.keys[0], json.keys[0]] });
  wrong('a short key hash', { ...json, keys: [json.keys[0], 'AAAA'] });
  wrong('a key hash in standard base64', { ...json, keys: [json.keys[0], `${'A'.repeat(42)}+`] });
  wrong('a list', [json]);
  draft.fails('broken JSON', 'parseAllowlist', { text: text.slice(0, -3) }, 'allowlist_invalid');
  return draft;
}

/** Signed rosters. */
export async function rosterVectors({ circle, nextRoster }: Circles) {
  const draft = new VectorDraft('SPEC.md §3');
  const { signedRoster, seed } = circle.circleKey;
  draft.name('roster 1', signedRoster);
  draft.name('roster 2', nextRoster);
  for (const [serial, signed] of [
    [1, signedRoster],
    [2, nextRoster],
  ] as const) {
    const roster = await openRoster(signed);
    draft.valid(
      `serial ${serial}`,
      'openRoster',
      { signed: { $: `roster ${serial}` } },
      {
        circlePublicKey: b64(roster.circlePublicKey),
        circleId: b64(roster.circleId),
        serial,
        secretHash: b64(roster.secretHash),
        hash: b64(roster.hash),
        members: roster.members.map(({ number, label, keyHash }) => ({
          number,
          label,
          keyHash: b64(keyHash),
        })),
      },
    );
  }
  const fails = (name: string, signed: unknown) =>
    draft.fails(name, 'openRoster', { signed: signed as string }, 'roster_invalid');
  fails('flipped bit in the signature', { $: 'roster 1', xor: [[3, 16]] });
  fails('flipped bit in a label', { $: 'roster 1', xor: [[-1, 1]] });
  fails('signature of another roster', b64(concat(nextRoster.subarray(0, 64), signedRoster.subarray(64))));
  fails('signature alone', { $: 'roster 1', cut: 64 });
  fails('empty', { $: 'roster 1', cut: 0 });
  fails('one byte more', { $: 'roster 1', add: 'AA' });

  const { members, circlePublicKey } = await openRoster(signedRoster);
  const { privateKey } = await signingKeyPair(seed);
  const content = { circlePublicKey, serial: 1, circleSecret: new Uint8Array(32), members };
  const [a, b] = members as [(typeof members)[number], (typeof members)[number]];
  const signed = async (name: string, changes: object) =>
    fails(name, b64(await signRoster({ ...content, ...changes }, privateKey)));
  await signed('members not in order', { members: [b, a] });
  await signed('one number twice', { members: [a, { ...b, number: 1 }] });
  await signed('one bundle twice', { members: [a, { ...b, bundle: a.bundle }] });
  await signed('one member', { members: [a] });
  await signed('short bundle', { members: [a, { ...b, bundle: b.bundle.slice(1) }] });
  await signed('empty label', { members: [a, { ...b, label: '' }] });
  await signed('label of 65 bytes', { members: [a, { ...b, label: `${'é'.repeat(32)}x` }] });
  await signed('label with a line break', { members: [a, { ...b, label: 'Bo\nAda' }] });
  await signed('serial 0', { serial: 0 });
  const other = await signingKeyPair(new Uint8Array(32).fill(9));
  fails('signed by another key', b64(await signRoster(content, other.privateKey)));
  return draft;
}
