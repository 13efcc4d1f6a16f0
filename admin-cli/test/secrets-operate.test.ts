import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecrets, parseSecrets, rotateSecrets } from '@relay/server/turn';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';
import { HOST_LINES } from './support/doctor-facts.ts';

const PASSWORD = 'hiddenpassword0123456789abcdef';

test('no secret is in what the commands for operating print, faults and debugging included', {
  timeout: 120_000,
}, async () => {
  const cwd = await temporaryDirectory();
  const file = join(cwd, 'secrets');
  await createSecrets(file);
  await rotateSecrets(file, 3_600);
  const url = `postgres://relay:${PASSWORD}@127.0.0.1:1/relay`;
  await writeFile(join(cwd, '.env'), `DATABASE_URL=${url}\nDATABASE_URLS=${url}\nTURN_PORT=${PASSWORD}x\n`);
  await writeFile(join(cwd, 'facts'), `${HOST_LINES.join('\n')}\n`);
  await writeFile(join(cwd, 'url'), url);
  const env = { TURN_SECRETS_FILE: file, TURN_HOST: '127.0.0.1', TURN_PORT: '1', DEBUG: '*' };
  const direct = { ...env, DATABASE_URL: url };
  const byFile = { ...env, DATABASE_URL_FILE: join(cwd, 'url') };
  const runs = await Promise.all([
    relayAdmin(['doctor'], { cwd, env: direct }),
    relayAdmin(['doctor', '--json', '--host-facts', 'facts', '--relay', 'http://127.0.0.1:1'], {
      cwd,
      env: byFile,
    }),
    relayAdmin(['status'], { cwd, env: direct }),
    relayAdmin(['turn', 'history'], { cwd, env }),
    relayAdmin(['turn', 'status', '--json'], { cwd, env }),
    relayAdmin(['turn', 'rotate'], { cwd, env }),
    relayAdmin(['config', 'show'], { cwd }),
    relayAdmin(['config', 'show', '--json'], { cwd, env: { DEBUG: '*' } }),
    relayAdmin(['config', 'check'], { cwd }),
    relayAdmin(['config', 'check', '--json'], { cwd }),
    relayAdmin(['config', 'init', '--domain', 'a.example', '--yes'], { cwd, env: direct }),
  ]);
  const secrets = parseSecrets(await readFile(file, 'utf8')).map(({ secret }) => secret);
  expect(secrets).toHaveLength(3);
  for (const { stdout, stderr, code } of runs) {
    expect(code === 0 || code === 6, stderr).toBe(true);
    for (const secret of [...secrets, PASSWORD]) {
      expect((stdout + stderr).includes(secret.slice(0, 12))).toBe(false);
    }
  }
});

test('turn history shows days and causes', async () => {
  const cwd = await temporaryDirectory();
  const file = join(cwd, 'secrets');
  const env = { TURN_SECRETS_FILE: file };
  expect(await relayAdmin(['turn', 'history'], { cwd, env })).toMatchObject({
    code: 0,
    stdout: 'No new TURN secret is remembered yet.\n',
  });
  const day = 86_400_000;
  await createSecrets(file, () => 20_000 * day);
  await rotateSecrets(file, 3_600, () => 20_007 * day + 5_000);
  expect((await relayAdmin(['turn', 'history'], { cwd, env })).stdout).toBe(
    '2 new TURN secrets; the last 104 are remembered, by day (UTC):\n\n' +
      '  DAY         WHY\n  2024-10-04  the first of all\n  2024-10-11  by relay-admin turn rotate\n',
  );
  const json = JSON.parse((await relayAdmin(['turn', 'history', '--json'], { cwd, env })).stdout);
  expect(json).toEqual({
    kept: 104,
    rotations: [
      { day: '2024-10-04', cause: 'made' },
      { day: '2024-10-11', cause: 'hand' },
    ],
  });
  expect(await relayAdmin(['turn', 'history'], { cwd })).toMatchObject({ code: 2 });
});
