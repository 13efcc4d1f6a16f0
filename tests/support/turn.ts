/** A real coturn for the calls of one stack, whose secrets can change and which can be killed. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Child, SharedSecret } from '@relay/demo/parts';
import {
  findTurnserver,
  ownPort,
  Processes,
  secretsDatabase,
  shareSecret,
  startCoturn,
} from '@relay/demo/parts';
import { readSecrets, rotateSecrets } from '@relay/server/turn';

const REALM = 'relay.demo';
const run = promisify(execFile);

/** The TURN server of a stack. */
export class TurnServer {
  readonly port: number;
  readonly #folder: string;
  readonly #shared: SharedSecret;
  #processes: Processes;
  #child: Child | undefined;

  private constructor(folder: string, port: number, shared: SharedSecret) {
    this.#folder = folder;
    this.port = port;
    this.#shared = shared;
    this.#processes = new Processes(join(folder, 'logs'));
  }

  /** Starts one with a secret of its own; everything it needs lies in the folder. */
  static async start(folder: string): Promise<TurnServer> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const shared = await shareSecret(join(folder, 'secret'));
    const server = new TurnServer(folder, await ownPort(), shared);
    await server.start();
    return server;
  }

  /** Path of the file from which the relay reads the secrets. */
  get secretsFile(): string {
    return this.#shared.file;
  }

  /** Its process. @throws Error when it does not run */
  get pid(): number {
    if (this.#child === undefined) throw new Error('coturn does not run');
    return this.#child.pid;
  }

  /** Everything it wrote since it was started last. */
  log(): string {
    return this.#child?.output() ?? '';
  }

  /**
   * Starts it where it does not run, on the same port.
   * @param knows every secret of the file, or the newest alone, as when the others have died
   */
  async start(knows: 'all' | 'newest' = 'all'): Promise<void> {
    const program = findTurnserver();
    if (program === undefined) throw new Error('coturn is not installed');
    const secret = (await readSecrets(this.#shared.file)).at(-1)?.secret ?? '';
    const folder = join(this.#folder, 'coturn');
    const relayPorts = [40_000, 40_999] as const;
    this.#child = await startCoturn(this.#processes, {
      program,
      port: this.port,
      folder,
      secret,
      relayPorts,
    });
    if (knows === 'all') await this.#follow();
  }

  /** Ends it as a machine that lost its power would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    process.kill(child.pid, 'SIGKILL');
    while (child.ending() === undefined) await sleep(10);
    this.#child = undefined;
  }

  /**
   * Rotates the secrets as the worker does; credentials are made with the new one ten seconds later.
   * @param ttl life of a credential in seconds
   */
  async rotate(ttl: number): Promise<void> {
    await rotateSecrets(this.#shared.file, ttl);
    await this.#follow();
  }

  async close(): Promise<void> {
    await this.#processes.close();
  }

  /** Tells coturn the secrets of the file, which in the appliance a loop of its container does. */
  async #follow(): Promise<void> {
    const database = secretsDatabase(join(this.#folder, 'coturn'));
    for (const { secret } of await readSecrets(this.#shared.file)) {
      await run('turnadmin', ['-s', secret, '-r', REALM, '-b', database]);
    }
  }
}
