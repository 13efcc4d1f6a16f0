import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TurnSecrets } from '@relay/server/turn';
import { formatSecrets, parseSecrets } from '@relay/server/turn';
import { expect, test } from 'vitest';
import { durationText, timeText } from '../src/render/duration.ts';
import { rotatedJson, rotatedText, statusJson, statusText } from '../src/render/turn-secrets.ts';
import { inspectSecrets, rotateSecrets } from '../src/services/turn-secrets.ts';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

function secret(): string {
  return randomBytes(32).toString('hex');
}

async function secretsFile(...secrets: [number, number | undefined][]): Promise<string> {
  const path = join(await temporaryDirectory(), 'secrets');
  const lines = secrets.map(([mintFrom, dies]) => ({ secret: secret(), mintFrom, dies }));
  await writeFile(path, formatSecrets(lines as unknown as TurnSecrets));
  return path;
}

test('status: dead ones are left out; of the others, which mints, how old, when they die', async () => {
  const path = await secretsFile(
    [NOW - 20 * DAY, NOW - 1],
    [NOW - 8 * DAY, NOW + 1_200],
    [NOW - 2_460, NOW + 3_670],
    [NOW + 8, undefined],
  );
  const status = await inspectSecrets(path, NOW);
  await expect(statusText(status)).toMatchFileSnapshot('golden/turn-status.txt');
  await expect(`${JSON.stringify(statusJson(status), null, 2)}\n`).toMatchFileSnapshot(
    'golden/turn-status.json',
  );
});

test('one secret alone', async () => {
  const status = await inspectSecrets(await secretsFile([NOW, undefined]), NOW);
  expect(statusText(status)).toMatch(/^1 secret is alive\. New credentials come from generation 1\.\n/);
  expect(statusJson(status)).toMatchObject({
    alive: 1,
    minting: 1,
    secrets: [{ state: 'minting', dies: null }],
  });
});

test('rotate says from when on and until when, also twice in a row', async () => {
  const path = await secretsFile([NOW - 8 * DAY, undefined]);
  const once = await rotateSecrets(path, { ttlSeconds: 3_600, now: NOW });
  expect(once).toEqual({ now: NOW, mintFrom: NOW + 10, previousDies: NOW + 3_670, alive: 2 });
  await expect(rotatedText(once)).toMatchFileSnapshot('golden/turn-rotated.txt');
  const twice = await rotateSecrets(path, { ttlSeconds: 3_600, now: NOW + 2 });
  expect(rotatedJson(twice)).toEqual({
    mintFrom: timeText(NOW + 12),
    previousDies: timeText(NOW + 3_672),
    alive: 3,
  });
  expect(rotatedText(twice)).toContain('3 secrets are accepted');
  expect((await inspectSecrets(path, NOW + 12)).secrets.map(({ state }) => state)).toEqual([
    'accepted',
    'accepted',
    'minting',
  ]);
});

test('the commands change the file, and show no secret', async () => {
  const path = await secretsFile([NOW - DAY, undefined]);
  const cwd = await temporaryDirectory();
  const env = { TURN_SECRETS_FILE: path, DEBUG: '*' };
  const before = parseSecrets(await readFile(path, 'utf8'));
  const runs = [await relayAdmin(['turn', 'rotate'], { cwd, env: { TURN_SECRETS_FILE: path } })];
  expect(runs[0]).toMatchObject({ code: 0, stderr: '' });
  const after = parseSecrets(await readFile(path, 'utf8'));
  expect(after).toHaveLength(2);
  expect(after[0].secret).toBe(before[0].secret);
  runs.push(
    await relayAdmin(['turn', 'rotate', '--json', '--ttl', '600'], { cwd, env }),
    await relayAdmin(['turn', 'status', '--secrets-file', path], { cwd, env }),
    await relayAdmin(['turn', 'status', '--json'], { cwd, env }),
    await relayAdmin(['turn', 'test', '--host', '127.0.0.1', '--port', '1', '--transport', 'tcp', '--json'], {
      cwd,
      env,
    }),
  );
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 6]);
  expect(JSON.parse(runs[3]?.stdout ?? '')).toMatchObject({ alive: 3 });
  const last = parseSecrets(await readFile(path, 'utf8'));
  expect(last[1]?.dies).toBe((last[2]?.mintFrom ?? 0) + 660);
  const shown = runs
    .map(({ stdout, stderr }) => stdout + stderr)
    .join('')
    .toLowerCase();
  expect(shown).not.toBe('');
  for (const { secret: value } of last) {
    expect(shown).not.toContain(value.slice(0, 12));
    expect(shown).not.toContain(Buffer.from(value, 'hex').toString('base64').slice(0, 12).toLowerCase());
  }
});

test('durations', () => {
  expect([0, 1, 59, 119, 120, 3_670, 7_200, 200_000].map(durationText)).toEqual([
    '0 seconds',
    '1 second',
    '59 seconds',
    '119 seconds',
    '2 minutes',
    '61 minutes',
    '2 hours',
    '2 days',
  ]);
});
