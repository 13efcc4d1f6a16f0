import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoError } from './errors.ts';
import { processIdentity } from './postgres/process.ts';
import type { RecordedProcess } from './run-record.ts';
import { endProcess } from './run-record.ts';

/** How a child is started. */
export interface Launch {
  /** A word; names the log too. */
  name: string;
  program: string;
  args: readonly string[];
  /** Its whole environment but `PATH` and `HOME`, so that nothing of the caller's changes what it does. */
  env?: Readonly<Record<string, string>>;
  cwd: string;
}

/** A running child. */
export interface Child {
  name: string;
  pid: number;
  log: string;
  /** Everything it has written so far. */
  output(): string;
  /** How it ended, in words; undefined while it runs. */
  ending(): string | undefined;
}

const LAST_LINES = 12;

/** The children of the demonstration: started in order, ended in the opposite order, and missed when they end by themselves. */
export class Processes {
  readonly #logs: string;
  readonly #changed: (children: RecordedProcess[]) => void;
  readonly #lost: (error: DemoError) => void;
  readonly #children: { child: ChildProcess; pid: number; recorded: RecordedProcess }[] = [];
  readonly #patience: number;
  #closing = false;

  /**
   * @param logs - folder for their logs
   * @param changed - called with all of them after each start
   * @param lost - called when one ends that nobody asked to
   * @param patience - milliseconds between asking a child to end and ending it
   */
  constructor(
    logs: string,
    changed: (children: RecordedProcess[]) => void = () => {},
    lost: (error: DemoError) => void = () => {},
    patience = 10_000,
  ) {
    this.#logs = logs;
    this.#changed = changed;
    this.#lost = lost;
    this.#patience = patience;
    mkdirSync(logs, { recursive: true, mode: 0o700 });
  }

  /**
   * Starts a child whose output goes to its log.
   * @throws DemoError `child_ended` when it cannot be started, or after {@link close}
   */
  start({ name, program, args, env = {}, cwd }: Launch): Child {
    if (this.#closing) throw new DemoError('child_ended', `${name} is not started: everything is ending.`);
    const log = join(this.#logs, `${name}.log`);
    const descriptor = openSync(log, 'w', 0o600);
    const { PATH = '', HOME = '' } = process.env;
    let child: ChildProcess;
    try {
      // In a group of its own, so that Ctrl-C reaches only this process, which stops things in the right order.
      child = spawn(program, args, {
        cwd,
        env: { PATH, HOME, ...env },
        stdio: ['ignore', descriptor, descriptor],
        detached: true,
      });
    } finally {
      closeSync(descriptor);
    }
    let ending: string | undefined;
    child.once('error', (error) => {
      ending ??= `could not be started: ${error.message}`;
    });
    child.once('exit', (code, by) => {
      ending ??= by === null ? `ended with exit code ${code}` : `was ended by ${by}`;
      if (!this.#closing) this.#lost(endedError(name, ending, log));
    });
    const { pid } = child;
    if (pid === undefined) throw new DemoError('child_ended', `${name} (${program}) cannot be started.`);
    this.#children.push({ child, pid, recorded: { name, process: processIdentity(pid) ?? String(pid) } });
    this.#changed(this.#children.map(({ recorded }) => recorded));
    return { name, pid, log, output: () => readFileSync(log, 'utf8'), ending: () => ending };
  }

  /** Ends all of them, the last one first; resolves when they are gone. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const { child, pid } of this.#children.toReversed()) {
      if (child.exitCode === null && child.signalCode === null) await endProcess(pid, this.#patience);
    }
  }
}

/** The error for a child that ended by itself, with its last words. */
export function endedError(name: string, ending: string, log: string): DemoError {
  const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-LAST_LINES);
  return new DemoError(
    'child_ended',
    `${name} ${ending}. The end of its log (${log}):\n${lines.map((line) => `    ${line}`).join('\n')}`,
  );
}
