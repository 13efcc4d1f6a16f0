import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintOf, parseAllowlist } from '@relay/protocol';
import { generateIdentities } from '../../src/services/index.ts';
import { examplesOf } from '../../src/tree/examples.ts';
import { loadTree } from '../../src/tree/load.ts';
import { LAUNCHER } from './cli.ts';

/** Examples that are not run as they stand, each with the reason. Short on purpose: what needs no person and no other machine is run. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'relay-admin identities generate --labels names.txt --passphrase': 'asks a person for a passphrase',
  'relay-admin identities passphrase identity-01.bin': 'asks a person for both passphrases',
  'relay-admin identities passphrase identity-01.bin --remove': 'asks a person for the passphrase',
  'relay-admin identities replace 3': 'asks a person for consent; the one with --yes is run',
  'relay-admin identities revoke 0123 4567 89ab cdef': 'asks a person for consent; the one with --yes is run',
  'relay-admin identities seed allowed-keys-seed.json --prune': 'asks a person for consent before it looks',
  'relay-admin backup relay.backup': 'asks a person for a passphrase',
  'relay-admin backup relay.backup --recipient age1…':
    'age1… stands for a key; backup-cli.test.ts runs it with one',
  'relay-admin restore relay.backup --identity key.txt --check':
    'wants the backup of another example; backup-cli.test.ts runs it',
  'relay-admin restore relay.backup --identity key.txt':
    'wants the backup of another example and an empty appliance; tests/appliance/backup.test.ts runs it',
  'make doctor': 'needs Docker; tests/appliance/doctor.test.ts runs what it runs',
  '17 * * * * cd /srv/relay && sh scripts/appliance/doctor.sh --quiet':
    'is a line of a crontab; tests/appliance/doctor.test.ts runs its script',
};

/** Every example of docs/admin.md, as a person would paste it. */
export async function allExamples(): Promise<string[]> {
  const { commands, bin } = await loadTree();
  return commands
    .filter(({ hidden }) => !hidden)
    .flatMap((command) => examplesOf(command, bin).map(({ line }) => line));
}

const PASSPHRASE = 'correct horse battery staple';

/** A folder with all that examples name. Made once, and copied for each of them. */
export async function makeWorkshop(folder: string): Promise<void> {
  await mkdir(join(folder, '.bin'));
  const programs = {
    'relay-admin': `exec '${process.execPath}' '${LAUNCHER}' "$@"`,
    // The other machine is this one.
    ssh: '[ "$1" = server ] && shift && exec "$@"',
  };
  for (const [name, script] of Object.entries(programs)) {
    const path = join(folder, '.bin', name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }
  await writeFile(join(folder, 'names.txt'), 'Ana\nBo\nCleo\n');
  for (const name of ['secret.txt', 'old.txt'])
    await writeFile(join(folder, name), `${PASSPHRASE}\n`, { mode: 0o600 });
  await writeFile(join(folder, 'new.txt'), 'another passphrase, just as long\n', { mode: 0o600 });
  await writeFile(
    join(folder, '.env'),
    'RELAY_DOMAIN=relay.example.org\nRELAY_PUBLIC_URL=https://relay.example.org\n',
  );
  await generateIdentities({ directory: join(folder, 'identities'), labels: ['Ana', 'Bo', 'Cleo'] });
  await generateIdentities({
    directory: join(folder, 'sealed'),
    labels: ['Ana', 'Bo'],
    passphrase: PASSPHRASE,
  });
  await copyFile(join(folder, 'identities/allowed-keys-seed.json'), join(folder, 'allowed-keys-seed.json'));
  await cp(join(folder, 'identities'), join(folder, 'before'), { recursive: true });
  const replaced = await runLine(
    folder,
    'relay-admin identities replace 3 --circle-key before/circle.key --out replaced --yes',
    {},
  );
  if (replaced.code !== 0) throw new Error(replaced.stderr);
  await copyFile(join(folder, 'replaced/roster-update.bin'), join(folder, 'roster-update.bin'));
}

/** Makes a copy of the workshop fit for one example: what the example makes is not there yet, and files are sealed where it unseals them. */
export async function fitFor(line: string, folder: string): Promise<void> {
  if (/identities generate/.test(line)) await rm(join(folder, 'identities'), { recursive: true });
  if (/config init/.test(line)) await rm(join(folder, '.env'));
  const source = /--passphrase-file (secret|old)\.txt/.test(line) ? 'sealed' : 'identities';
  if (/ identity-01\.bin/.test(line))
    await copyFile(join(folder, source, 'identity-01.bin'), join(folder, 'identity-01.bin'));
}

/** The example with names that exist here in place of those that stand for a reader's own. */
export function withRealNames(line: string, seed: string, turn: { tlsPort: number }): string {
  const fingerprint = fingerprintOf(parseAllowlist(seed).keyHashes[0] as Uint8Array<ArrayBuffer>).slice(
    0,
    19,
  );
  return line
    .replace('0123 4567 89ab cdef', fingerprint)
    .replace('0123456789abcdef', fingerprint.replaceAll(' ', ''))
    .replace('/media/key/circle.key', 'identities/circle.key')
    .replace('--host relay.example.org', '--host localhost')
    .replace('--host 192.0.2.1', '--host 127.0.0.1')
    .replace('--tls-port 5349', `--tls-port ${turn.tlsPort}`);
}

/** What a line came to. */
export interface LineResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a line as a person does who pastes it into bash, in a folder that is their home too. */
export function runLine(
  folder: string,
  line: string,
  env: Readonly<Record<string, string>>,
): Promise<LineResult> {
  const path = `${join(folder, '.bin')}:${process.env.PATH}`;
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      ['-c', line],
      { cwd: folder, env: { PATH: path, HOME: folder, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
    child.stdin?.end();
  });
}
