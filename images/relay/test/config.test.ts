import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, unknownSettings } from '../src/config.ts';

const DATABASE_URL = 'postgres://relay:secret@localhost/relay';

test('the defaults are what people expect', () => {
  expect(loadConfig({ DATABASE_URL })).toEqual({
    port: 4000,
    host: '0.0.0.0',
    databaseUrl: DATABASE_URL,
    webOrigins: ['http://localhost:5173'],
    publicUrls: undefined,
    mailboxMaxBlobs: 32_768,
    tokensPerMemberPerDay: 3_072,
    relayProcesses: 1,
    trustedProxies: [],
    addressRequestsPerMinute: 600,
    memberRequestsPerMinute: 1200,
    mailboxBlobsPerMinute: 6000,
    megabytesPerSecond: 12,
    socketsPerMember: 32,
    roomsPerMember: 64,
    signalsPerSecond: 200,
    turnCredentialsAtOnce: 20,
    logLevel: 'info',
    workerSchedule: '*/10 * * * *',
    turnSecretsFile: undefined,
    turnHost: undefined,
    turnPort: 3478,
    turnsPort: undefined,
    turnTtlSeconds: 3600,
    turnRotateSchedule: '17 4 * * 1',
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
    RELAY_PROCESSES: '0',
    TRUSTED_PROXY: 'caddy',
    ADDRESS_REQUESTS_PER_MINUTE: '1',
    WORKER_SCHEDULE: 'now and then',
    TURN_HOST: 'relay.example:3478',
    TURN_PORT: '0',
    TURNS_PORT: 'x',
    TURN_TTL_SECONDS: '60',
    TURN_ROTATE_SCHEDULE: 'never',
  };
  const faults = catchFaults(env);
  expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(Object.keys(env).sort());
  expect(faults.join()).toContain('write https://chat.example');
  for (const fault of faults) expect(fault).toMatch(/: (it must be|".*" is not an origin)/);
  expect(faults).toContain('TURN_PORT: it must be a whole number from 1 to 65535');
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
    DATABASE_URL_FILE: '/run/x',
    TURN_MIN_PORT: '49152',
    TURN_HOSTS: 'x',
    PORT: '1',
    WORKER_SCHEDULE: '* * * * *',
  };
  expect(unknownSettings(env)).toEqual(['MAILBOX_MAX_BLOB', 'TURN_HOSTS', 'WEB_ORIGINS']);
});

test.each([
  ['relay.example', 'relay.example'],
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '[2001:db8::1]'],
  ['[2001:db8::1]', '[2001:db8::1]'],
])('the TURN host %s stands in URLs as %s', (text, host) => {
  expect(loadConfig({ DATABASE_URL, TURN_HOST: text }).turnHost).toBe(host);
});

test('TURN secrets need not rotate', () => {
  expect(loadConfig({ DATABASE_URL, TURN_ROTATE_SCHEDULE: 'off' }).turnRotateSchedule).toBe('off');
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const fileWith = (content: string) => {
    const path = join(folder, 'secret');
    writeFileSync(path, content);
    return path;
  };

  test('is read without the white space around it', () => {
    const { databaseUrl } = loadConfig({ DATABASE_URL_FILE: fileWith(`${DATABASE_URL}\n`) });
    expect(databaseUrl).toBe(DATABASE_URL);
  });

  test.each([
    ['is not there', () => join(folder, 'secret-elsewhere'), 'ENOENT'],
    ['is a directory', () => folder, 'EISDIR'],
    ['is empty', () => fileWith('\n'), 'empty'],
    ['holds something else', () => fileWith('mysql://relay:secret@localhost/relay'), 'postgres://'],
  ])('is a fault when the file %s, which shows neither path nor content', (_what, path, words) => {
    const [fault, ...more] = catchFaults({ DATABASE_URL_FILE: path() });
    expect(fault).toMatch(/^DATABASE_URL_FILE: /);
    expect(fault).toContain(words);
    expect(fault).not.toContain('secret');
    expect(more).toEqual([]);
  });

  test('and in the variable too is a fault, for one of them is not meant', () => {
    const faults = catchFaults({ DATABASE_URL, DATABASE_URL_FILE: fileWith(DATABASE_URL) });
    expect(faults).toEqual([expect.stringMatching(/^DATABASE_URL_FILE: DATABASE_URL is set too/)]);
  });

  test('is no way to set what is no secret', () => {
    expect(loadConfig({ DATABASE_URL, PORT_FILE: fileWith('5000') }).port).toBe(4000);
  });
});
