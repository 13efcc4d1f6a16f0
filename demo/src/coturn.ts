import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DemoError } from './errors.ts';
import type { Child, Processes } from './processes.ts';
import { allocateAnonymously } from './stun.ts';
import { untilReady } from './until.ts';

/** The path of `turnserver`, or undefined where coturn is not installed. */
export function findTurnserver(path = process.env.PATH ?? ''): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, 'turnserver'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The configuration of a coturn that serves this machine alone, and only those who hold credentials. */
export function turnConfig(port: number, secret: string, folder: string): string {
  return [
    'listening-ip=127.0.0.1',
    'relay-ip=127.0.0.1',
    `listening-port=${port}`,
    'min-port=49160',
    'max-port=49200',
    'realm=relay.demo',
    'fingerprint',
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'no-tls',
    'no-dtls',
    'no-cli',
    'no-multicast-peers',
    `userdb=${join(folder, 'turndb')}`,
    `pidfile=${join(folder, 'turnserver.pid')}`,
    'log-file=stdout',
    '',
  ].join('\n');
}

/**
 * Starts coturn on loopback; resolves when it answers and has refused a stranger.
 *
 * @param folder - for its configuration; made anew
 * @param secret - what the relay makes credentials with
 * @throws DemoError `turn_open` when it lets anybody in
 */
export async function startCoturn(
  processes: Processes,
  program: string,
  port: number,
  folder: string,
  secret: string,
): Promise<Child> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const config = join(folder, 'turnserver.conf');
  writeFileSync(config, turnConfig(port, secret, folder), { mode: 0o600 });
  const coturn = processes.start({ name: 'coturn', program, args: ['-c', config], cwd: folder });
  let answer: number | undefined;
  await untilReady(coturn, async () => {
    answer = await allocateAnonymously(port);
    return true;
  });
  if (answer !== 401) {
    throw new DemoError(
      'turn_open',
      `coturn answered a stranger with ${answer} instead of 401; see ${coturn.log}.`,
    );
  }
  return coturn;
}
