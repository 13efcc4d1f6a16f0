import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { TurnSecrets } from '@relay/server/turn';
import { createSecrets, mintCredentials, readSecrets } from '@relay/server/turn';
import { expect, test } from 'vitest';
import type { TurnCredential } from '../../src/turn/index.ts';
import { TurnClient } from '../../src/turn/index.ts';
import { temporaryDirectory } from '../support/circle.ts';
import { relayAdmin } from '../support/cli.ts';
import type { Coturn } from '../support/coturn.ts';
import { startCoturn } from '../support/coturn.ts';
import { faultAtEach } from '../support/interrupted.ts';

/** Seconds between a new secret's appearance and its use. */
const SPREAD = 10;

/** A credential as the relay makes it for a session. @param at seconds from now */
function credentialOf(secrets: TurnSecrets, at = 0): Promise<TurnCredential> {
  const server = { host: '127.0.0.1', port: 3478, tlsPort: undefined, ttl: 3_600 };
  return mintCredentials(server, secrets, new Uint8Array(randomBytes(32)), Date.now() + at * 1_000);
}

/** What the TURN server says to whoever comes with a credential. */
async function answerTo({ username, credential }: TurnCredential, { port }: Coturn): Promise<unknown> {
  const client = await TurnClient.open({
    server: { host: '127.0.0.1', port, transport: 'udp' },
    credential: { username, credential },
  });
  const answer = await client.allocate().then(
    () => 'granted',
    ({ code }: { code?: number }) => code,
  );
  await client.close();
  return answer;
}

async function withSecrets() {
  const cwd = await temporaryDirectory();
  const file = join(cwd, 'secrets');
  await createSecrets(file);
  const before = await credentialOf(await readSecrets(file));
  return { cwd, file, before, args: ['turn', 'rotate', '--json'], env: { TURN_SECRETS_FILE: file } };
}

test('a rotation that was killed at any point, and made again: a real coturn takes what is made with the file', {
  timeout: 300_000,
}, async () => {
  const coturn = await startCoturn();
  const strange = await credentialOf(await readSecrets((await withSecrets()).file));
  const points = await faultAtEach(
    'kill',
    withSecrets,
    async ({ cwd, file, before, args, env }, killed, at) => {
      expect(killed, `${at}`).toMatchObject({ code: null });
      await coturn.follow(file);
      const left = await readSecrets(file);
      for (const credential of [before, await credentialOf(left), await credentialOf(left, SPREAD)]) {
        expect(await answerTo(credential, coturn), `${at}`).toBe('granted');
      }

      const then = new Date(Date.now() - 31_000);
      await utimes(`${file}.lock`, then, then).catch(() => {});
      expect(await relayAdmin(args, { cwd, env }), `${at}`).toMatchObject({ code: 0 });
      const rotated = await readSecrets(file);
      const fresh = await credentialOf(rotated, SPREAD);
      expect(rotated.length).toBe(left.length + 1);
      // Until it follows, it does not know the new one: what it takes is by the file alone.
      expect(await answerTo(fresh, coturn), `${at}`).toBe(401);
      await coturn.follow(file);
      for (const credential of [before, await credentialOf(rotated), fresh]) {
        expect(await answerTo(credential, coturn), `${at}`).toBe('granted');
      }
      expect(await answerTo(strange, coturn), `${at}`).toBe(401);
    },
  );
  expect(points).toBeGreaterThan(6);
});
