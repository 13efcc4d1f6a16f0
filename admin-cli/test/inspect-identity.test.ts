import { generateCircle, writeCircleKey, writeIdentityFile } from '@relay/protocol';
import { beforeAll, expect, test } from 'vitest';
import { inspectIdentity } from '../src/services/inspect-identity.ts';
import { countingRandom } from './support/circle.ts';

const ask = async () => {
  throw new Error('nobody is asked');
};

let files: Record<string, Uint8Array>;

beforeAll(async () => {
  const circle = await generateCircle(['Ana', 'Bo'], countingRandom(1));
  const other = await generateCircle(['Ana', 'Bo'], countingRandom(100));
  const [first, second] = circle.identities;
  const [stranger] = other.identities;
  if (first === undefined || second === undefined || stranger === undefined) throw new Error('no circle');
  const intact = await writeIdentityFile(first);
  const changed = intact.slice();
  changed[100] = (changed[100] ?? 0) ^ 1;
  const later = intact.slice();
  later[7] = '2'.charCodeAt(0);
  files = {
    intact,
    empty: new Uint8Array(),
    'a circle key': await writeCircleKey(circle.circleKey),
    'a later version': later,
    'cut short': intact.subarray(0, -1),
    'cut in the magic': intact.subarray(0, 5),
    'one bit changed': changed,
    'a byte too long': Uint8Array.of(...intact, 0),
    'the number of somebody else': await writeIdentityFile({ ...first, number: 2 }),
    'the seed of somebody else': await writeIdentityFile({ ...first, seed: second.seed }),
    'the roster of another circle': await writeIdentityFile({
      ...first,
      signedRoster: stranger.signedRoster,
    }),
    'the secret of another circle': await writeIdentityFile({ ...first, secrets: stranger.secrets }),
  };
});

test.each([
  ['empty', 'identity_foreign'],
  ['a circle key', 'identity_foreign'],
  ['a later version', 'identity_version'],
  ['cut short', 'identity_truncated'],
  ['cut in the magic', 'identity_truncated'],
  ['one bit changed', 'identity_corrupt'],
  ['a byte too long', 'identity_corrupt'],
  ['the number of somebody else', 'identity_inconsistent'],
  ['the seed of somebody else', 'identity_inconsistent'],
  ['the roster of another circle', 'identity_inconsistent'],
  ['the secret of another circle', 'identity_inconsistent'],
])('%s: %s', async (name, code) => {
  await expect(inspectIdentity(files[name] ?? new Uint8Array(1), ask)).rejects.toMatchObject({ code });
});

test('an intact file', async () => {
  expect(await inspectIdentity(files.intact ?? new Uint8Array(), ask)).toMatchObject({
    number: 1,
    label: 'Ana',
    serial: 1,
    wrapped: false,
    members: [{ label: 'Ana' }, { label: 'Bo' }],
  });
});
