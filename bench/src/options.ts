import { parseArgs } from 'node:util';

/** How much is done. */
export interface Sizes {
  /** Rounds that count; one more runs before them. */
  rounds: number;
  /** Blobs stored in a round. */
  uploads: number;
  /** Blobs fetched in a round. */
  fetches: number;
  /** Cryptographic operations in a round. */
  operations: number;
  /** Messages sent in a round. */
  messages: number;
  /** Blobs in the mailbox that a browser opens. */
  mailbox: number;
  /** Size of the file that a browser sends, in 10⁶ bytes. */
  fileMegabytes: number;
  /** Calls in a round. */
  calls: number;
}

/** What the command was asked to do. */
export interface Options {
  sizes: Sizes;
  /** Names of the measurements to run; undefined for all. */
  only: readonly string[] | undefined;
  /** What to print. */
  format: 'table' | 'markdown' | 'json';
  /** Put the figures into `docs/bench.md`. */
  write: boolean;
  help: boolean;
}

/** Some five minutes. */
export const DEFAULT_SIZES: Sizes = {
  rounds: 15,
  uploads: 256,
  fetches: 1_000,
  operations: 200,
  messages: 30,
  mailbox: 2_000,
  fileMegabytes: 100,
  calls: 20,
};
/** About half a minute. */
export const QUICK_SIZES: Sizes = {
  rounds: 4,
  uploads: 128,
  fetches: 1_000,
  operations: 100,
  messages: 15,
  mailbox: 200,
  fileMegabytes: 10,
  calls: 5,
};

/** The text of `--help`. */
export const USAGE = `Measures Relay, each figure beside its floor in the same run.

  npm run bench -- [OPTION...]

  --quick           smaller sizes and fewer rounds, about a minute
  --only NAME       this measurement alone; may be given several times
  --rounds N        rounds that count (${DEFAULT_SIZES.rounds}; ${QUICK_SIZES.rounds} with --quick)
  --uploads N       blobs stored in a round (${DEFAULT_SIZES.uploads}; ${QUICK_SIZES.uploads})
  --fetches N       blobs fetched in a round (${DEFAULT_SIZES.fetches}; ${QUICK_SIZES.fetches})
  --operations N    cryptographic operations in a round (${DEFAULT_SIZES.operations}; ${QUICK_SIZES.operations})
  --messages N      messages sent in a round (${DEFAULT_SIZES.messages}; ${QUICK_SIZES.messages})
  --mailbox N       blobs in the mailbox that a browser opens (${DEFAULT_SIZES.mailbox}; ${QUICK_SIZES.mailbox})
  --fileMegabytes N size of the file that a browser sends (${DEFAULT_SIZES.fileMegabytes}; ${QUICK_SIZES.fileMegabytes})
  --calls N         calls in a round (${DEFAULT_SIZES.calls}; ${QUICK_SIZES.calls})
  --json            print the results as JSON
  --markdown        print the table in Markdown
  --write           put the table into docs/bench.md as well; with --only, beside the figures of other runs
`;

/** A fault of whoever called the command; its message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const SIZE_NAMES = [
  'rounds',
  'uploads',
  'fetches',
  'operations',
  'messages',
  'mailbox',
  'fileMegabytes',
  'calls',
] as const;
const MOST = 1_000_000;

/**
 * Reads the command line.
 * @param args without the program
 * @param known names of all measurements
 * @throws UsageError
 */
export function parseOptions(args: readonly string[], known: readonly string[]): Options {
  const values = parse(args);
  const unknown = values.only?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`There is no measurement "${unknown}"; there are ${known.join(', ')}.`);
  if (values.json && values.markdown) throw new UsageError('Choose one of --json and --markdown.');
  const sizes = { ...(values.quick ? QUICK_SIZES : DEFAULT_SIZES) };
  for (const name of SIZE_NAMES) {
    const text = values[name];
    if (text === undefined) continue;
    if (!/^[1-9]\d*$/.test(text) || Number(text) > MOST)
      throw new UsageError(`--${name} takes a whole number from 1 to ${MOST}, not "${text}".`);
    sizes[name] = Number(text);
  }
  return {
    sizes,
    only: values.only,
    format: values.json ? 'json' : values.markdown ? 'markdown' : 'table',
    write: values.write ?? false,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: flag,
        json: flag,
        markdown: flag,
        write: flag,
        help: flag,
        only: { type: 'string', multiple: true },
        rounds: text,
        uploads: text,
        fetches: text,
        operations: text,
        messages: text,
        mailbox: text,
        fileMegabytes: text,
        calls: text,
      },
    }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
