import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { HostileInput } from './main.ts';

/** A hostile member at work. */
export interface HostileMember {
  /** Ends it. @returns how much each attack did */
  stop(): Promise<Record<string, number>>;
}

/**
 * Lets a hostile member begin, in a process that yields to everybody else: it stands for another machine, whose processor is not the server's.
 * @throws Error when it does not get as far as a session
 */
export async function startHostileMember(input: HostileInput): Promise<HostileMember> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const args = ['-n', '19', process.execPath, '--disable-warning=ExperimentalWarning', program];
  const child = spawn('nice', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(input));
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(lines, 'line'), ended]);
  if (first[0] !== 'ready') throw new Error('the hostile member got no session');
  return {
    async stop() {
      const last = once(lines, 'line');
      child.kill('SIGTERM');
      const [text] = (await last) as [string];
      await ended;
      return JSON.parse(text) as Record<string, number>;
    },
  };
}
