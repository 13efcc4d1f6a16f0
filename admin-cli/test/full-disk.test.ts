/** Every command that writes files, on disks that are really full, read-only or somebody else's. For `backup` see integration/. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { b64, hex, loadIdentity, openCircleKey, readCircleKey } from '@relay/protocol';
import { createSecrets, parseSecrets } from '@relay/server/turn';
import { expect, test } from 'vitest';
import { generateIdentities } from '../src/services/generate-identities.ts';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';
import type { Writer } from './support/disk-faults.ts';
import { describeDiskFaults } from './support/disk-faults.ts';

const PHRASE = 'a phrase that nobody may see';
const IDENTITY = 'identities/identity-01.bin';

const FILE_CODES = { full: 'disk_full', denied: 'file_denied' };

async function circleIn(folder: string): Promise<void> {
  await generateIdentities({ directory: join(folder, 'identities'), labels: ['Ana', 'Bo'] });
}

const serialOf = async (path: string) =>
  (await openCircleKey(await readCircleKey(await readFile(path)))).roster.serial;

const WRITERS: Record<string, Writer> = {
  generate: {
    args: ['identities', 'generate', '--count', '2'],
    prepare: async () => {},
    writesIn: '.',
    reads: [],
    codes: FILE_CODES,
    secrets: secretsOn,
    async ended(folder) {
      expect((await loadIdentity(await readFile(join(folder, IDENTITY)))).member.number).toBe(1);
      expect(await serialOf(join(folder, 'identities/circle.key'))).toBe(1);
    },
  },
  replace: {
    args: ['identities', 'replace', '2', '--out', 'new', '--yes'],
    prepare: circleIn,
    writesIn: '.',
    reads: ['identities/circle.key'],
    codes: FILE_CODES,
    secrets: secretsOn,
    async ended(folder) {
      expect(await serialOf(join(folder, 'identities/circle.key'))).toBe(2);
      expect(await serialOf(join(folder, 'new/circle.key'))).toBe(2);
      expect((await loadIdentity(await readFile(join(folder, 'new/identity-02.bin')))).member.number).toBe(2);
    },
  },
  passphrase: {
    args: ['identities', 'passphrase', IDENTITY, '--new-passphrase-file', 'phrase'],
    async prepare(folder) {
      await circleIn(folder);
      await writeFile(join(folder, 'phrase'), `${PHRASE}\n`, { mode: 0o600 });
    },
    writesIn: 'identities',
    reads: [IDENTITY, 'phrase'],
    codes: FILE_CODES,
    secrets: secretsOn,
    async ended(folder) {
      expect((await loadIdentity(await readFile(join(folder, IDENTITY)), PHRASE)).member.number).toBe(1);
    },
  },
  print: {
    args: ['identities', 'print', IDENTITY, '--relay', 'https://relay.example.org'],
    prepare: circleIn,
    writesIn: '.',
    reads: [IDENTITY],
    codes: FILE_CODES,
    secrets: secretsOn,
    async ended(folder) {
      expect(await readFile(join(folder, 'handover.html'), 'utf8')).toMatch(/<\/html>\s*$/);
    },
  },
  'config init': {
    args: ['config', 'init', '--domain', 'relay.example.org'],
    prepare: async () => {},
    writesIn: '.',
    reads: [],
    codes: FILE_CODES,
    secrets: secretsOn,
    async ended(folder) {
      expect(await readFile(join(folder, '.env'), 'utf8')).toMatch(/\nRELAY_DOMAIN=relay\.example\.org\n/);
    },
  },
  'config init over another': {
    args: ['config', 'init', '--domain', 'relay.example.org', '--yes'],
    prepare: (folder) => writeFile(join(folder, '.env'), 'RELAY_DOMAIN=old.example.org\n', { mode: 0o600 }),
    writesIn: '.',
    reads: ['.env'],
    codes: FILE_CODES,
    secrets: secretsOn,
    async ended(folder) {
      expect(await readFile(join(folder, '.env'), 'utf8')).toMatch(/\nRELAY_DOMAIN=relay\.example\.org\n/);
    },
  },
  rotate: {
    args: ['turn', 'rotate'],
    env: { TURN_SECRETS_FILE: 'turn/secrets' },
    async prepare(folder) {
      await mkdir(join(folder, 'turn'), { mode: 0o700 });
      await createSecrets(join(folder, 'turn/secrets'));
    },
    writesIn: 'turn',
    reads: ['turn/secrets'],
    codes: { full: 'turn_unavailable', denied: 'turn_unavailable' },
    secrets: secretsOn,
    async ended(folder) {
      expect(parseSecrets(await readFile(join(folder, 'turn/secrets'), 'utf8'))).toHaveLength(2);
    },
  },
};

/** Whatever on the disk is nobody's business, as it could be printed. */
async function secretsOn(folder: string): Promise<string[]> {
  const read = (path: string) => readFile(join(folder, path)).catch(() => undefined);
  const [key, turn, identity] = await Promise.all(
    ['identities/circle.key', 'turn/secrets', IDENTITY].map(read),
  );
  const raw = [
    ...(key === undefined ? [] : [(await readCircleKey(key)).seed]),
    ...(identity === undefined ? [] : [identity]),
  ];
  return [
    PHRASE,
    ...raw.flatMap((bytes) => [hex(bytes), b64(bytes), Buffer.from(bytes).toString('base64')]),
    ...(turn === undefined ? [] : parseSecrets(turn.toString()).map(({ secret }) => secret)),
  ];
}

for (const [name, writer] of Object.entries(WRITERS)) describeDiskFaults(name, writer);

test.each([[[]], [['--json']]])(
  'a result that goes to a full disk: said, and its work is done: %s',
  async (more) => {
    const cwd = await temporaryDirectory();
    const file = join(cwd, 'secrets');
    await createSecrets(file);
    const through = ['sh', '-c', 'exec "$@" >/dev/full', 'sh'];
    const options = { cwd, through, env: { TURN_SECRETS_FILE: file } };
    const { code, stderr } = await relayAdmin(['turn', 'rotate', ...more], options);
    expect(stderr).toMatch(/^Error: .* standard output: the disk is full\. See what was done[^\n]*\n$/);
    expect(code).toBe(3);
    expect(parseSecrets(await readFile(file, 'utf8'))).toHaveLength(2);
  },
);
