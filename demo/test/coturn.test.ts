import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mintCredentials, readSecrets } from '@relay/server/turn';
import { afterEach, describe, expect, it } from 'vitest';
import { findTurnserver, startCoturn, turnConfig } from '../src/coturn.ts';
import { ownPort } from '../src/postgres/port.ts';
import { Processes } from '../src/processes.ts';
import { allocate, allocateAnonymously } from '../src/stun.ts';
import { shareSecret } from '../src/turn.ts';

const turnserver = findTurnserver();
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function temporaryFolder(): string {
  const folder = mkdtempSync('/var/tmp/relay-coturn-');
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('coturn', () => {
  it('is configured for this machine alone, with a secret', () => {
    const config = turnConfig({ port: 3478, secret: 'secret', folder: '/folder' }).split('\n');
    expect(config).toEqual(
      expect.arrayContaining(['listening-ip=127.0.0.1', 'relay-ip=127.0.0.1', 'no-cli']),
    );
    expect(config).toEqual(expect.arrayContaining(['use-auth-secret', 'static-auth-secret=secret']));
    expect(config).not.toContain('no-auth');
  });

  it('is found on the path only where it can be run', () => {
    const folder = temporaryFolder();
    expect(findTurnserver(`/nowhere:${folder}`)).toBeUndefined();
    const file = join(folder, 'turnserver');
    writeFileSync(file, '', { mode: 0o600 });
    expect(findTurnserver(`/nowhere:${folder}`)).toBeUndefined();
    rmSync(file);
    writeFileSync(file, '', { mode: 0o700 });
    expect(findTurnserver(`/nowhere:${folder}`)).toBe(file);
  });

  it.runIf(turnserver)(
    'takes what the relay makes credentials with its secret, and refuses everybody else',
    async () => {
      const folder = temporaryFolder();
      const processes = new Processes(join(folder, 'logs'));
      undo.push(() => processes.close());
      const port = await ownPort();
      const { file, secret } = await shareSecret(join(folder, 'turn'));
      await startCoturn(processes, {
        program: turnserver ?? '',
        port,
        folder: join(folder, 'coturn'),
        secret,
      });
      expect(await allocateAnonymously(port)).toBe(401);

      const server = { host: '127.0.0.1', port, tlsPort: undefined, ttl: 300 };
      const token = new Uint8Array(32).fill(7);
      const [known] = await readSecrets(file);
      const login = await mintCredentials(server, [known], token, Date.now());
      expect(await allocate(port, login)).toBe(0);
      const guessed = { ...known, secret: 'ab'.repeat(32) };
      expect(await allocate(port, await mintCredentials(server, [guessed], token, Date.now()))).toBe(401);
      const old = await mintCredentials(server, [known], token, Date.now() - 400_000);
      expect(await allocate(port, old)).toBe(401);
      const renamed = {
        ...login,
        username: login.username.replace(/^\d+/, (end) => String(Number(end) + 60)),
      };
      expect(await allocate(port, renamed)).toBe(401);
      expect(statSync(file).mode & 0o007).toBe(0);
      expect(statSync(join(folder, 'coturn/turnserver.conf')).mode & 0o777).toBe(0o600);
    },
  );

  it('is known to be open when it grants what a stranger asks', async () => {
    const server = createSocket('udp4', (message, { port, address }) => {
      const answer = Buffer.from(message);
      answer.writeUInt16BE(0x0103, 0);
      server.send(answer, port, address);
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    undo.push(() => server.close());
    expect(await allocateAnonymously(server.address().port)).toBe(0);
  });
});
