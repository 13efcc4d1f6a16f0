import { parseArgs } from 'node:util';

/** What a soak is told. */
export interface SoakOptions {
  minutes: number;
  /** Everything random of the members' doings comes from it; how the machine runs them does not. */
  seed: number;
  members: number;
  /** Milliseconds between two doings of the whole circle, on average. */
  pace: number;
  /** Whether the figures go into docs/security.md. */
  write: boolean;
}

const DEFAULTS = { minutes: '60', members: '20', pace: '800' };

/**
 * Reads the command line: `--minutes 60 --seed 7 --members 20 --pace 800 --write`.
 * @throws Error that says which number is wrong
 */
export function readOptions(args: readonly string[]): SoakOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: text, seed: text, members: text, pace: text, write: { type: 'boolean' } },
  });
  const number = (name: 'minutes' | 'members' | 'pace' | 'seed', least: number, given: string) => {
    const value = Number(given);
    if (given.trim() !== '' && value >= least) return value;
    throw new Error(`--${name} takes a number of at least ${least}, not "${given}".`);
  };
  return {
    minutes: number('minutes', 0.1, values.minutes ?? DEFAULTS.minutes),
    seed: Math.trunc(number('seed', 0, values.seed ?? String(Date.now() % 1_000_000))),
    members: Math.trunc(number('members', 3, values.members ?? DEFAULTS.members)),
    pace: number('pace', 20, values.pace ?? DEFAULTS.pace),
    write: values.write ?? false,
  };
}
