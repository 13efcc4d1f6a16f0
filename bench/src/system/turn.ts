/** A coturn for the calls that are measured. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findTurnserver, ownPort, Processes, shareSecret, startCoturn } from '@relay/demo/parts';

/** A TURN server that runs. */
export interface BenchTurn {
  pid: number;
}

/** A place for a TURN server. */
export interface TurnPlace {
  /** What the relay is told of it. */
  env: Record<string, string>;
  /** @throws Error where coturn is not installed */
  start(): Promise<BenchTurn>;
  close(): Promise<void>;
}

/** Makes the secret and takes a port; nothing runs yet. */
export async function prepareTurn(): Promise<TurnPlace> {
  const folder = mkdtempSync('/var/tmp/relay-bench-turn-');
  const processes = new Processes(join(folder, 'logs'));
  const { file, secret } = await shareSecret(join(folder, 'secret'));
  const port = await ownPort();
  return {
    env: { TURN_SECRETS_FILE: file, TURN_HOST: '127.0.0.1', TURN_PORT: String(port) },
    async start() {
      const program = findTurnserver();
      if (program === undefined) throw new Error('coturn is not installed: apt-get install coturn');
      const coturn = await startCoturn(processes, { program, port, folder: join(folder, 'coturn'), secret });
      return { pid: coturn.pid };
    },
    async close() {
      await processes.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
