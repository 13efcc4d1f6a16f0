import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@relay/protocol';
import { b64, hex, randomBytes, readCircleKey, readIdentityFile } from '@relay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generatedJson, generatedText } from '../src/render/generated.ts';
import { inspectedJson, inspectedText } from '../src/render/inspected.ts';
import { generateIdentities } from '../src/services/generate-identities.ts';
import { inspectIdentity } from '../src/services/inspect-identity.ts';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';

const noPassphrase = async () => '';

/** Every way in which bytes could stand in a text, without the letter case and spacing that a renderer may choose. */
function spellings(secret: Uint8Array): string[] {
  const binary = Buffer.from(secret);
  const base64 = binary.toString('base64').replaceAll('=', '');
  const text = [binary.toString('latin1'), binary.toString('utf8')];
  return [hex(secret), base64, b64(secret), ...text, [...secret].join(','), JSON.stringify(secret)];
}

function expectWithout(output: string, secrets: readonly Uint8Array[]): void {
  const plain = output.replaceAll(/[\s:]/g, '');
  for (const secret of secrets) {
    for (const spelling of spellings(secret)) {
      expect(output.includes(spelling)).toBe(false);
      expect(plain.toLowerCase().includes(spelling.toLowerCase())).toBe(false);
      // Nor a part of it that would be worth having.
      if (/^[\w+/-]{40,}$/.test(spelling)) expect(plain.includes(spelling.slice(0, 12))).toBe(false);
    }
  }
}

test('no secret is in anything that is shown', async () => {
  const parent = await temporaryDirectory();
  let run = 0;
  const labels = fc.uniqueArray(fc.stringMatching(/^[a-zA-ZÀ-ÿ]{1,16}$/), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(labels, async (names) => {
      const secrets: Bytes[] = [];
      const random = (n: number) => {
        const bytes = randomBytes(n);
        secrets.push(bytes.slice());
        return bytes;
      };
      const directory = join(parent, `circle-${run++}`);
      let shown = '';
      const onProgress = (...step: unknown[]) => {
        shown += JSON.stringify(step);
      };
      const circle = await generateIdentities({ directory, labels: names, random, onProgress });
      shown += generatedText(circle) + JSON.stringify([generatedJson(circle), circle]);
      for (const { file } of circle.members) {
        const identity = await inspectIdentity(await readFile(join(directory, file)), noPassphrase);
        shown += inspectedText(identity) + JSON.stringify([inspectedJson(identity), identity]);
      }
      expect(secrets).toHaveLength(names.length + 2);
      expectWithout(shown, secrets);
    }),
    { numRuns: 15 },
  );
});

test('no secret is in what the commands print', { timeout: 60_000 }, async () => {
  const cwd = await temporaryDirectory();
  const generate = ['identities', 'generate', '--count', '3'];
  const runs = await Promise.all([
    relayAdmin(generate, { cwd }),
    relayAdmin([...generate, '--out', 'second', '--json'], { cwd, env: { DEBUG: '*' } }),
  ]);
  runs.push(await relayAdmin(generate, { cwd }));
  const secrets: Uint8Array[] = [];
  for (const folder of ['identities', 'second']) {
    const key = await readCircleKey(await readFile(join(cwd, folder, 'circle.key')));
    secrets.push(key.seed, ...key.secrets.map(({ secret }) => secret));
    for (const number of [1, 2, 3]) {
      const path = join(cwd, folder, `identity-0${number}.bin`);
      secrets.push((await readIdentityFile(await readFile(path))).seed);
    }
  }
  const env = { DATABASE_URL: 'postgres://a@127.0.0.1:1/a' };
  const shown = [
    ['inspect', 'identities/identity-01.bin'],
    ['inspect', 'second/identity-03.bin', '--json'],
    ['inspect', 'second/circle.key'],
    ['seed', 'identities/identity-01.bin'],
  ].map((command) => relayAdmin(['identities', ...command], { cwd, env }));
  runs.push(...(await Promise.all(shown)));
  expect(secrets).toHaveLength(10);
  for (const { stdout, stderr } of runs) expectWithout(stdout + stderr, secrets);
});

test('the search for secrets finds them', () => {
  const secret = randomBytes(32);
  for (const spelling of spellings(secret)) {
    expect(() => expectWithout(`x ${spelling} y`, [secret])).toThrow();
  }
  const spaced = hex(secret).replaceAll(/(.{4})/g, '$1 ');
  expect(() => expectWithout(spaced, [secret])).toThrow();
});
