import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatHistory, HISTORY_LENGTH, parseHistory, readHistory } from '../src/turn/history-file.ts';
import {
  createSecrets,
  pruneSecrets,
  readSecrets,
  rotateIfDue,
  rotateSecrets,
} from '../src/turn/secrets-file.ts';

const DAY = 20_833;
const DAY_MS = 86_400_000;
let folder: string;
let path: string;
const clock = { now: DAY * DAY_MS + 5_000_000 };
const now = () => clock.now;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-history-'));
  path = join(folder, 'secrets');
  clock.now = DAY * DAY_MS + 5_000_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('each new secret is remembered by its day and why there was one; nothing else of it is kept', async () => {
  expect(await readHistory(path)).toEqual([]);
  await createSecrets(path, now);
  await createSecrets(path, now);
  clock.now += DAY_MS;
  await rotateSecrets(path, 3_600, now);
  expect(await rotateIfDue(path, 3_600, now() - DAY_MS, now)).toBe(false);
  clock.now += 7 * DAY_MS;
  expect(await rotateIfDue(path, 3_600, now(), now)).toBe(true);
  await pruneSecrets(path, now);
  expect(await readHistory(path)).toEqual([
    { day: DAY, cause: 'made' },
    { day: DAY + 1, cause: 'hand' },
    { day: DAY + 8, cause: 'schedule' },
  ]);
  const text = readFileSync(`${path}.history`, 'utf8');
  expect(text).toBe(`relay-turn-history 1\n${DAY} made\n${DAY + 1} hand\n${DAY + 8} schedule\n`);
  for (const { secret } of await readSecrets(path)) expect(text).not.toContain(secret.slice(0, 8));
  expect(statSync(`${path}.history`).mode & 0o777).toBe(0o640);
});

test('old ones are forgotten, and lines that are none are passed over', () => {
  const many = Array.from({ length: HISTORY_LENGTH + 6 }, (_, i) => ({ day: i, cause: 'schedule' as const }));
  expect(parseHistory(formatHistory(many))).toEqual(many.slice(6));
  expect(parseHistory('x\n1 made\n2 nobody\n99999999 hand\n3 hand\n4 ha')).toEqual([
    { day: 1, cause: 'made' },
    { day: 3, cause: 'hand' },
  ]);
});

test('a history that cannot be written costs no rotation', async () => {
  mkdirSync(`${path}.history`);
  await createSecrets(path, now);
  await rotateSecrets(path, 3_600, now);
  expect(await readSecrets(path)).toHaveLength(2);
  rmSync(`${path}.history`, { recursive: true });
  writeFileSync(`${path}.history`, 'damaged');
  await rotateSecrets(path, 3_600, now);
  expect(await readHistory(path)).toEqual([{ day: DAY, cause: 'hand' }]);
});
