import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../src/log.ts';
import { startWorker } from '../../src/testing.ts';
import { formatSecrets, parseSecrets } from '../../src/turn/index.ts';
import { startRotation } from '../../src/worker/rotation.ts';
import { makeDatabase } from '../support/database.ts';
import { startProcess } from '../support/process.ts';
import { makeTurnSecrets, removeTurnSecrets } from '../support/turn.ts';
import { until } from '../support/until.ts';

const WEEKLY = '17 4 * * 1';
const DAY = 86_400;
let databaseUrl: string;
let path: string;
beforeAll(async () => {
  databaseUrl = await makeDatabase();
  path = await makeTurnSecrets();
});
afterAll(() => removeTurnSecrets(path));

const read = () => parseSecrets(readFileSync(path, 'utf8'));
/** One secret of an age in seconds, as one made then would be. */
const write = (age: number) => {
  const mintFrom = Math.floor(Date.now() / 1000) - age;
  writeFileSync(path, formatSecrets([{ secret: 'ab'.repeat(32), mintFrom, dies: undefined }]));
};
beforeEach(() => write(0));

function rotation(rotateSchedule: string) {
  const lines: string[] = [];
  const log = createLogger('worker', 'info', { write: (line) => lines.push(line) });
  const running = startRotation({ secretsFile: path, rotateSchedule, ttl: 3600, log, now: Date.now });
  return { ...running, log: () => lines.join('') };
}

test('a tick makes up for a rotation that was missed, once', async () => {
  const { tick, close, log } = rotation(WEEKLY);
  write(7 * DAY - 60);
  await tick();
  expect(read()).toHaveLength(1);
  write(7 * DAY + 60);
  await tick();
  expect(read()).toHaveLength(2);
  await tick();
  expect(read()).toHaveLength(2);
  expect(log()).not.toMatch(/[0-9a-f]{16}/);
  await close();
});

test('days that are not alike count by their longest pause', async () => {
  const { tick, close } = rotation('0 4 * * 1,2');
  write(5 * DAY);
  await tick();
  expect(read()).toHaveLength(1);
  write(7 * DAY);
  await tick();
  expect(read()).toHaveLength(2);
  await close();
});

test('with off nothing is added, and what is dead still goes', async () => {
  const { tick, close } = rotation('off');
  write(400 * DAY);
  await tick();
  expect(read()).toHaveLength(1);
  const old = { secret: 'cd'.repeat(32), mintFrom: 5, dies: 50 };
  writeFileSync(path, formatSecrets([old, read()[0]]));
  await tick();
  expect(read()).toHaveLength(1);
  await close();
});

test('a failure is logged without path or content, and the next tick goes on', async () => {
  const { tick, close, log } = rotation(WEEKLY);
  writeFileSync(path, 'relay-turn-secrets 1\nabababab');
  await tick();
  expect(log()).toContain('could not be changed');
  expect(log()).not.toContain(path);
  expect(log()).not.toContain('abab');
  write(8 * DAY);
  await tick();
  expect(read()).toHaveLength(2);
  await close();
});

test('the process rotates by schedule, sweeps the database all the same, and ends well', async () => {
  const worker = startProcess('worker', {
    DATABASE_URL: databaseUrl,
    TURN_SECRETS_FILE: path,
    TURN_ROTATE_SCHEDULE: '* * * * * *',
    LOG_LEVEL: 'debug',
  });
  await until('it had rotated', () => read().length > 1);
  await until('it had swept', () => worker.output().includes('"swept"'));
  const secrets = read().map(({ secret }) => secret);
  expect(await worker.end('SIGTERM')).toBe(0);
  for (const secret of secrets) expect(worker.output()).not.toContain(secret);
});

test('a worker whose secrets cannot be read sweeps, and one whose database is away rotates', async () => {
  const log: string[] = [];
  const logger = createLogger('worker', 'info', { write: (line) => log.push(line) });
  const settings = { workerSchedule: '0 0 1 1 *', turnTtlSeconds: 3600, turnRotateSchedule: WEEKLY };
  const nowhere = join(dirname(path), 'nowhere');
  const first = await startWorker({ databaseUrl, turnSecretsFile: nowhere, ...settings }, logger);
  await first.started;
  await first.close();
  expect(log.join('')).toContain('"swept"');
  expect(existsSync(nowhere)).toBe(false);
  write(8 * DAY);
  const away = 'postgres://nobody@127.0.0.1:9/none';
  const second = await startWorker({ databaseUrl: away, turnSecretsFile: path, ...settings }, logger);
  await second.started;
  await second.close();
  expect(read()).toHaveLength(2);
  expect(log.join('')).toContain('the sweep failed');
});

test('a worker without a file of secrets has nothing to do with them', async () => {
  const worker = startProcess('worker', { DATABASE_URL: databaseUrl, TURN_ROTATE_SCHEDULE: '* * * * * *' });
  await until('it had swept', () => worker.output().includes('"swept"'));
  expect(await worker.end('SIGTERM')).toBe(0);
  expect(worker.output()).not.toContain('TURN');
  expect(read()).toHaveLength(1);
});
