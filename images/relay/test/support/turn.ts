import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Bytes } from '@relay/protocol/wire';
import { ROUTES, turnAnswer } from '@relay/protocol/wire';
import type { TurnCredentials } from '../../src/turn/index.ts';
import { createSecrets } from '../../src/turn/index.ts';
import { bearer } from './client.ts';

/** Makes a file of TURN secrets in a directory of its own; resolves to its path. */
export async function makeTurnSecrets(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'relay-turn-')), 'secrets');
  await createSecrets(path);
  return path;
}

/** Removes it with its directory. */
export function removeTurnSecrets(path: string): Promise<void> {
  return rm(dirname(path), { recursive: true, force: true });
}

/** Asks for credentials. */
export function askTurn(url: string, token?: Bytes): Promise<Response> {
  return fetch(url + ROUTES.turn, { method: 'POST', headers: token ? bearer(token) : {} });
}

/** Asks for credentials, and gets them. */
export async function getTurn(url: string, token: Bytes): Promise<TurnCredentials> {
  const response = await askTurn(url, token);
  if (!response.ok) throw new Error(`no credentials: ${await response.text()}`);
  return turnAnswer.parse(await response.json());
}
