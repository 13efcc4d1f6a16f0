import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecrets, parseSecrets } from '@relay/server/turn';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/circle.ts';
import { relayAdmin } from '../support/cli.ts';
import { startCoturn } from '../support/coturn.ts';

test('turn test over all transports; after a rotation that coturn follows, and one that it does not', async () => {
  const cwd = await temporaryDirectory();
  const file = join(cwd, 'secrets');
  await createSecrets(file);
  const secrets = async () => parseSecrets(await readFile(file, 'utf8')).map(({ secret }) => secret);
  const [coturn, [first = '']] = [await startCoturn(), await secrets()];
  await coturn.addSecret(first);
  const env = {
    TURN_SECRETS_FILE: file,
    TURN_HOST: 'localhost',
    TURN_PORT: String(coturn.port),
    TURNS_PORT: String(coturn.tlsPort),
  };
  const turn = (...args: string[]) => relayAdmin(['turn', ...args], { cwd, env });

  const all = await turn('test', '--ca', coturn.caFile);
  expect(all).toMatchObject({ code: 0, stderr: '' });
  for (const transport of ['udp', 'tcp', 'tls'])
    expect(all.stdout).toContain(`\nheld     media over ${transport}: `);
  expect(all.stdout).toMatch(/\nAll \d+ checks held\.\n$/);
  expect(all.stdout).not.toContain(first.slice(0, 12));
  expect(await turn('test', '--transport', 'tls', '--insecure-ca')).toMatchObject({ code: 0 });

  expect(await turn('rotate')).toMatchObject({ code: 0 });
  const missed = await turn('test', '--transport', 'udp', '--json');
  expect(missed).toMatchObject({ code: 6, stderr: '' });
  const report = JSON.parse(missed.stdout);
  expect(report.held).toBe(false);
  expect(report.checks.filter(({ held }: { held: boolean }) => !held)).toMatchObject([
    { name: 'accepts each secret alive', reason: '1 of 2 work.' },
  ]);
  const [, second = ''] = await secrets();
  await coturn.addSecret(second);
  const followed = await turn('test', '--transport', 'udp', '--transport', 'udp');
  expect(followed).toMatchObject({ code: 0 });
  expect(followed.stdout.match(/media over/g)).toHaveLength(1);
});
