import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigError, formatEnvExample, loadConfig, unknownSettings } from '../src/config.ts';

const DATABASE_URL = 'postgres://relay:secret@localhost/relay';

test('the defaults are what people expect', () => {
  expect(loadConfig({ DATABASE_URL })).toEqual({
    port: 4000,
    host: '0.0.0.0',
    databaseUrl: DATABASE_URL,
    webOrigins: ['http://localhost:5173'],
    publicUrls: undefined,
    mailboxMaxBlobs: 32_768,
    logLevel: 'info',
    workerSchedule: '*/10 * * * *',
  });
});

test('a variable that is empty counts as not set', () => {
  expect(loadConfig({ DATABASE_URL, PORT: '', RELAY_PUBLIC_URL: ' ' })).toMatchObject({
    port: 4000,
    publicUrls: undefined,
  });
});

test('lists are split at commas', () => {
  const { webOrigins } = loadConfig({
    DATABASE_URL,
    WEB_ORIGIN: 'http://localhost:5173, https://chat.example',
  });
  expect(webOrigins).toEqual(['http://localhost:5173', 'https://chat.example']);
});

test('all faults are reported at once, and no value of a secret', () => {
  const env = {
    DATABASE_URL: 'mysql://relay:secret@localhost/relay',
    PORT: '70000',
    WEB_ORIGIN: 'https://chat.example/',
    RELAY_PUBLIC_URL: '*',
    MAILBOX_MAX_BLOBS: 'many',
    LOG_LEVEL: 'loud',
    WORKER_SCHEDULE: 'now and then',
  };
  const faults = catchFaults(env);
  expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(Object.keys(env).sort());
  expect(faults.join()).toContain('write https://chat.example');
  expect(faults.join()).not.toContain('secret');
});

test('a missing database is named with an example', () => {
  expect(catchFaults({})).toEqual([
    expect.stringMatching(/^DATABASE_URL: must be set, for example postgres:/),
  ]);
});

function catchFaults(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
  }
  return [];
}

test('variables that look like settings and are none are named', () => {
  const env = {
    MAILBOX_MAX_BLOB: '1',
    WEB_ORIGINS: 'x',
    PATH: '/bin',
    PORT: '1',
    WORKER_SCHEDULE: '* * * * *',
  };
  expect(unknownSettings(env)).toEqual(['MAILBOX_MAX_BLOB', 'WEB_ORIGINS']);
});

test('.env.example is what the settings say', () => {
  const file = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  expect(file, 'run: npm run env-example -w @relay/server').toBe(formatEnvExample());
});
