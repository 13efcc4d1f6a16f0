import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadIdentity, proveSession } from '@relay/protocol';
import { createSecrets } from '@relay/server/turn';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { RelayHttp } from '../../src/transport/http.ts';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';

let circle: TestCircle;
let folder: string;
beforeAll(async () => {
  circle = await startCircle(inject('postgresUrl'));
  folder = await mkdtemp(join(tmpdir(), 'relay-turn-'));
});
afterAll(async () => {
  await circle.close();
  await rm(folder, { recursive: true });
});

async function openSession() {
  const http = new RelayHttp(circle.url);
  const identity = await loadIdentity(circle.files[0] as Uint8Array);
  const { nonce } = await http.challenge();
  const { token } = await http.openSession(nonce, await proveSession(identity, circle.url, nonce));
  return { http, token };
}

it('says that a relay has no TURN server', async () => {
  const { http, token } = await openSession();
  await expect(http.turnCredentials(token)).rejects.toMatchObject({ code: 'turn_unavailable' });
});

it('gets credentials for the TURN server of its relay, and hears how long to wait for more', async () => {
  const turnSecretsFile = join(folder, 'secrets');
  await createSecrets(turnSecretsFile);
  await circle.stopRelay();
  await circle.startRelay({ turnSecretsFile, turnHost: 'turn.example' });
  const { http, token } = await openSession();
  const { urls, username, expiresIn } = await http.turnCredentials(token);
  expect(urls).toEqual(['turn:turn.example:3478?transport=udp', 'turn:turn.example:3478?transport=tcp']);
  expect(username).toMatch(/^\d+:[A-Za-z0-9_-]{16}$/);
  expect(expiresIn).toBeGreaterThanOrEqual(3600);
  const asking = async () => {
    for (;;) await http.turnCredentials(token);
  };
  const fault = await asking().catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 'rate_limited', retryAfter: expect.any(Number) });
  await http.endSessions(token);
  await expect(http.turnCredentials(token)).rejects.toMatchObject({ code: 'unauthenticated' });
});
