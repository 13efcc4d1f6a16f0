import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allSettings } from '@relay/server/settings';
import { expect, test } from 'vitest';
import type { KnownSettings } from '../src/config/index.ts';
import { checkConfig, initialConfig, parseEnvFile, showConfig } from '../src/config/index.ts';
import { nearestName } from '../src/terminal/nearest.ts';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';

const KNOWN: KnownSettings = { version: 1, settings: allSettings(), renamed: [], added: {} };
const NOTHING = {
  domain: undefined,
  externalIp: undefined,
  existingProxy: undefined,
  turnPorts: false,
  onion: false,
  mailboxBlobs: undefined,
};

/** `level name line: finding` of everything that is said of a text. */
function said(text: string, known: Partial<KnownSettings> = {}): string[] {
  const findings = checkConfig(parseEnvFile(text), { ...KNOWN, ...known });
  return findings.map(
    ({ level, name, line, finding }) => `${level} ${name ?? ''} ${line ?? '-'}: ${finding}`,
  );
}

test('a .env is read as compose reads it', () => {
  const text = '# relay-settings 3\r\n\nexport A=1 # why\nB="x # y" z\nC=\'q\'\n  D=\nhalf\nE =1\nA=2\n';
  const file = parseEnvFile(text);
  expect(file).toMatchObject({ version: 3, faulty: [7, 8] });
  expect(file.lines.map(({ line, name, value }) => `${line} ${name}=${value}`)).toEqual([
    '3 A=1',
    '4 B=x # y',
    '5 C=q',
    '6 D=',
    '9 A=2',
  ]);
});

test.each([
  [
    'nothing is wrong with a good one',
    'RELAY_DOMAIN=a.example\nRELAY_PUBLIC_URL=https://a.example\nCOMPOSE_FILE=docker-compose.yml:compose/tls.yml\n',
    undefined,
  ],
  [
    'a misspelt name',
    'MAILBOX_MAX_BLOB=64',
    'warning MAILBOX_MAX_BLOB 1: Nothing reads this name. Is MAILBOX_MAX_BLOBS meant?',
  ],
  [
    'letters swapped, small',
    'turn_prot=1',
    'warning turn_prot 1: Nothing reads this name. Is TURN_PORT meant?',
  ],
  ['a name like no other', 'COLOUR=red', 'warning COLOUR 1: Nothing reads this name. Take it out;'],
  ['a line that is none', 'TURN_PORT', 'fault  1: This is no NAME=value.'],
  ['a name twice', 'TURN_PORT=1\nTURN_PORT=2', 'warning TURN_PORT 2: It is there 2 times (lines 1, 2)'],
  ['a value out of bounds', 'TURN_PORT=0', 'fault TURN_PORT 1: The value cannot be used:'],
  [
    'a value of the TURN server',
    'TURN_EXTERNAL_IP=here',
    'fault TURN_EXTERNAL_IP 1: The value cannot be used: it must be IP addresses',
  ],
  ['what the appliance sets itself', 'PORT=1', 'note PORT 1: In an appliance it has no say'],
  [
    'TLS without a domain',
    'COMPOSE_FILE=docker-compose.yml:compose/tls.yml',
    'fault RELAY_DOMAIN -: It is missing: compose/tls.yml',
  ],
  [
    'ports without an address',
    'COMPOSE_FILE=a:compose/turn-ports.yml',
    'fault TURN_EXTERNAL_IP -: It is missing',
  ],
  [
    'a proxy without its network',
    'COMPOSE_FILE=a:compose/existing-proxy.yml',
    'fault PROXY_NETWORK -: It is missing',
  ],
  [
    'a domain that may not be dialled',
    'RELAY_DOMAIN=a.example\nRELAY_PUBLIC_URL=https://b.example',
    'fault RELAY_PUBLIC_URL 2: It lacks https://a.example',
  ],
  [
    'a range the wrong way round',
    'TURN_MIN_PORT=60000',
    'fault TURN_MAX_PORT -: It is less than TURN_MIN_PORT',
  ],
  ['a log with addresses', 'TURN_LOG=on', 'warning TURN_LOG 1: The TURN server prints addresses'],
  ['no rotation', 'TURN_ROTATE_SCHEDULE=off', 'warning TURN_ROTATE_SCHEDULE 1'],
  ['everybody trusted', 'TRUSTED_PROXY=0.0.0.0/0', 'warning TRUSTED_PROXY 1: Everybody is trusted'],
  [
    'an origin without TLS',
    'RELAY_PUBLIC_URL=http://a.example',
    'warning RELAY_PUBLIC_URL 1: An origin without TLS',
  ],
  [
    'a client from elsewhere',
    'WEB_ORIGIN=https://chat.example',
    'warning WEB_ORIGIN 1: Whoever serves the client',
  ],
  [
    'a password that everybody tries',
    'DATABASE_URL=postgres://relay:password@db/relay',
    'warning DATABASE_URL 1: The password',
  ],
])('%s', (_, text, finding) => {
  const found = said(text);
  if (finding === undefined) expect(found).toEqual([]);
  else
    expect(
      found.filter((one) => one.startsWith(finding)),
      found.join('\n'),
    ).toHaveLength(1);
});

test('after an upgrade: a name that changed, and a setting that is new', () => {
  const known = {
    version: 4,
    renamed: [{ from: 'OLD_PORT', to: 'TURN_PORT' }],
    added: { TURN_LOG: 4, TURN_PORT: 4, LOG_LEVEL: 2 },
  };
  const move =
    'note  -: To be told of what is newer still alone, make this the first line, in place of one like it: ';
  expect(said('# relay-settings 3\nOLD_PORT=1\nTURN_PORT=1', known)).toEqual([
    expect.stringMatching(/^fault OLD_PORT 2: It is called TURN_PORT now/),
    expect.stringMatching(/^note TURN_LOG -: It is new since/),
    `${move}# relay-settings 4`,
  ]);
  expect(said('# relay-settings 4\nTURN_PORT=1', known)).toEqual([]);
  // One that says nothing was written when there was no such line.
  expect(said('TURN_PORT=1', known)).toEqual([
    expect.stringMatching(/^note TURN_LOG/),
    expect.stringMatching(/^note LOG_LEVEL/),
    `${move}# relay-settings 4`,
  ]);
});

test('the nearest name', () => {
  const names = ['TURN_PORT', 'TURNS_PORT', 'RELAY_PORT'];
  expect(nearestName('TURNPORT', names)).toBe('TURN_PORT');
  expect(nearestName('RELAY_PROT', names)).toBe('RELAY_PORT');
  expect(nearestName('AB', names)).toBeUndefined();
});

test('secrets, URLs with a password and what is not known are masked, however long', () => {
  const shown = showConfig(
    parseEnvFile(
      'DATABASE_URL=postgres://a:hidden@b/c\nRELAY_PUBLIC_URL=https://me:hidden@x\nMY_TOKEN=hidden\nTURN_PORT=1',
    ),
    KNOWN.settings,
  );
  expect(JSON.stringify(shown)).not.toContain('hidden');
  expect(shown.find(({ name }) => name === 'TURN_PORT')).toEqual({
    name: 'TURN_PORT',
    value: '1',
    from: '.env',
  });
  expect(shown.find(({ name }) => name === 'RELAY_PORT')).toEqual({
    name: 'RELAY_PORT',
    value: '4000',
    from: 'default',
  });
  expect(shown.at(-1)).toMatchObject({ name: 'MY_TOKEN', from: '.env' });
});

test('what init writes, check takes, whatever is asked for', () => {
  for (const domain of [undefined, 'a.example']) {
    for (const existingProxy of domain === undefined ? [undefined] : [undefined, 'host', 'web']) {
      for (const turnPorts of [false, true]) {
        const answers = {
          ...NOTHING,
          domain,
          existingProxy,
          turnPorts,
          onion: true,
          externalIp: '203.0.113.7',
          mailboxBlobs: 64,
        };
        expect(said(initialConfig(answers, 1)), JSON.stringify(answers)).toEqual([]);
      }
    }
  }
  expect(
    initialConfig({ ...NOTHING, domain: 'a.example', turnPorts: true, externalIp: '203.0.113.7' }, 7),
  ).toBe(
    [
      '# relay-settings 7',
      '# Settings of this relay; docs/settings.md has them all. After a change: make up',
      'RELAY_DOMAIN=a.example',
      'RELAY_PUBLIC_URL=https://a.example',
      'COMPOSE_FILE=docker-compose.yml:compose/tls.yml:compose/turn-ports.yml:compose/tls-turn-ports.yml',
      'TURN_EXTERNAL_IP=203.0.113.7',
      '',
    ].join('\n'),
  );
});

test('init, check and show at the terminal: nothing is overwritten unless meant', {
  timeout: 60_000,
}, async () => {
  const cwd = await temporaryDirectory();
  const run = (...args: string[]) => relayAdmin(['config', ...args], { cwd });
  const path = join(cwd, '.env');
  expect(await run('init', '--domain', 'A.example')).toMatchObject({ code: 0, stderr: '' });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const first = await readFile(path, 'utf8');
  expect(first).toContain('RELAY_DOMAIN=a.example\n');

  expect(await run('init', '--domain', 'A.example')).toMatchObject({ code: 0 });
  expect(await run('init', '--domain', 'b.example')).toMatchObject({ code: 4, stdout: '' });
  const badAddress = await run('init', '--external-ip', 'there', '--yes');
  expect(badAddress).toMatchObject({ code: 2, stdout: '' });
  expect(badAddress.stderr).toMatch(/^Error: Nothing was written\. --external-ip: /);
  // Said once, though the address that members dial is made of it.
  expect((await run('init', '--domain', 'https://a.example')).stderr).toBe(
    'Error: Nothing was written. --domain: The value cannot be used: it must be a host name or an address, without a port.\n',
  );
  expect(await readFile(path, 'utf8')).toBe(first);
  expect(await run('init', '--domain', 'b.example', '--yes')).toMatchObject({ code: 0 });
  expect(await readFile(path, 'utf8')).toContain('RELAY_DOMAIN=b.example\n');
  expect((await run('init', '--out', '-')).stdout).toMatch(/^# relay-settings 1\n/);

  expect(await run('check')).toMatchObject({
    code: 0,
    stdout: '.env: every name is known and every value can be used.\n',
  });
  await writeFile(path, 'TURN_PROT=1\nTURN_TTL_SECONDS=1\n');
  const checked = await run('check', '--json');
  expect(checked.code).toBe(6);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    usable: false,
    findings: [{ name: 'TURN_PROT' }, { name: 'TURN_TTL_SECONDS' }],
  });
  expect((await run('check')).stdout).toContain('1 fault, 1 warning, 0 notes.');
  const piped = await relayAdmin(['config', 'show', '-'], { cwd, stdin: 'MAILBOX_MAX_BLOBS=64\n' });
  expect(piped.stdout).toMatch(/^ {2}MAILBOX_MAX_BLOBS +\.env +64$/m);

  expect(await run('check', 'nowhere')).toMatchObject({ code: 3 });
  await mkdir(join(cwd, 'folder'));
  expect(await run('init', '--out', 'folder', '--yes')).toMatchObject({ code: 3 });
});
