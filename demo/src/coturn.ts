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

/** How coturn is started. */
export interface CoturnOptions {
  /** Path of `turnserver`. */
  program: string;
  port: number;
  /** For its configuration and its database of secrets; made anew. */
  folder: string;
  /** What the relay makes credentials with. */
  secret: string;
  /** First and last port for what it relays; each member of a call takes one for each other and each transport. */
  relayPorts?: readonly [number, number];
  /** Further lines of its configuration, which win over those before. */
  more?: readonly string[];
}

/** The configuration of a coturn that serves this machine alone, and only those who hold credentials. */
export function turnConfig({
  port,
  folder,
  secret,
  relayPorts: [first, last] = [49160, 49200],
  more = [],
}: Omit<CoturnOptions, 'program'>): string {
  return [
    'listening-ip=127.0.0.1',
    'relay-ip=127.0.0.1',
    // Both ends of a call lie on this machine, so what one of them is relayed from is loopback for the other.
    'allow-loopback-peers',
    `listening-port=${port}`,
    `min-port=${first}`,
    `max-port=${last}`,
    'realm=relay.demo',
    'fingerprint',
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'no-tls',
    'no-dtls',
    'no-cli',
    'no-multicast-peers',
    `userdb=${secretsDatabase(folder)}`,
    `pidfile=${join(folder, 'turnserver.pid')}`,
    'log-file=stdout',
    ...more,
    '',
  ].join('\n');
}

/** The database of further secrets of a coturn with that folder. */
export function secretsDatabase(folder: string): string {
  return join(folder, 'turndb');
}

/**
 * Starts coturn on loopback; resolves when it answers and has refused a stranger.
 * @throws DemoError `turn_open` when it lets anybody in
 */
export async function startCoturn(processes: Processes, options: CoturnOptions): Promise<Child> {
  const { program, port, folder } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const config = join(folder, 'turnserver.conf');
  writeFileSync(config, turnConfig(options), { mode: 0o600 });
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
