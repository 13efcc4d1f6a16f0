/** The TURN server's secret, which the relay makes credentials with, and the proof that they are good for something. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RelayHttp } from '@relay/client/headless';
import { loadIdentity, proveSession } from '@relay/protocol';
import { createSecrets, readSecrets } from '@relay/server/turn';
import { DemoError } from './errors.ts';
import { allocate } from './stun.ts';

/** A secret that relay and coturn share. */
export interface SharedSecret {
  /** Path of the file from which the relay reads it. */
  file: string;
  /** 64 hexadecimal digits. */
  secret: string;
}

/**
 * Makes a secret for this run.
 *
 * @param folder - for its file; made anew
 */
export async function shareSecret(folder: string): Promise<SharedSecret> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'secrets');
  await createSecrets(file);
  const [{ secret }] = await readSecrets(file);
  return { file, secret };
}

/**
 * Lets a member ask the relay for credentials and coturn for an allocation with them.
 *
 * @param identityFile - path of the member's identity file, without passphrase
 * @param apiUrl - the relay's origin
 * @param port - coturn's port on this machine
 * @throws DemoError `turn_closed` when coturn refuses them; RelayError when there are none
 */
export async function checkTurn(identityFile: string, apiUrl: string, port: number): Promise<void> {
  const identity = await loadIdentity(readFileSync(identityFile));
  const http = new RelayHttp(apiUrl);
  const { nonce } = await http.challenge();
  const { token } = await http.openSession(nonce, await proveSession(identity, apiUrl, nonce));
  const code = await allocate(port, await http.turnCredentials(token));
  await http.endSessions(token);
  if (code !== 0) {
    throw new DemoError('turn_closed', `coturn answered a member's credentials with ${code}; see its log.`);
  }
}
