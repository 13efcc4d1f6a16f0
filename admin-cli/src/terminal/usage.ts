/** What was typed wrongly, in a sentence; the library's own words are lists, and a screen of help after them. */
import { stripVTControlCharacters } from 'node:util';
import { nearestName } from './nearest.ts';

/** A fault of the library's parser, as far as it is told from others by what it carries. */
interface ParseFault {
  /** Arguments that are missing, or words that are too many. */
  args?: readonly (string | { name: string; description?: string })[];
  /** Flags that are not known. */
  flags?: readonly string[];
  parse?: { input?: { flags?: Record<string, unknown> } };
}

/**
 * What is wrong with the flags and arguments of a command.
 * @param error what the library's parser threw
 * @param help what shows the command's help, `relay-admin status --help`
 */
export function badFlagsText(error: Error, help: string): string {
  const { args = [], flags = [], parse } = error as Error & ParseFault;
  const known = Object.keys(parse?.input?.flags ?? {}).map((name) => `--${name}`);
  const said = [
    ...args.map((arg) =>
      typeof arg === 'string'
        ? `“${arg}” is one word too many.`
        : `${arg.name.toUpperCase()} is missing. ${arg.description ?? ''}`.trim(),
    ),
    ...flags.map((flag) => `There is no flag ${flag}.${guess(nearestName(flag, known))}`),
  ];
  return `${said.length > 0 ? said.join(' ') : inOneLine(error.message)} See: ${help}`;
}

/**
 * What is to be said of a command that is not there.
 * @param typed its words
 * @param commands the words of each command that is there
 */
export function noCommandText(typed: string, commands: readonly string[], bin: string): string {
  const before = commands.find((words) => typed.startsWith(`${words} `));
  if (before !== undefined) {
    return `“${typed.slice(before.length + 1)}” is one word too many. See: ${bin} ${before} --help`;
  }
  const topics = commands.flatMap((words) => (words.includes(' ') ? [words.replace(/ .*/, '')] : []));
  const meant =
    nearestName(typed, commands) ??
    [...topics, ...commands].find((words) => words.startsWith(typed)) ??
    nearestName(typed, topics);
  const topic = topics.find((word) => typed.startsWith(`${word} `));
  const help = topic === undefined ? `${bin} --help` : `${bin} ${topic} --help`;
  return `There is no command “${typed}”.${guess(meant)} See: ${help}`;
}

function guess(meant: string | undefined): string {
  return meant === undefined ? '' : ` Is ${meant} meant?`;
}

/** The library says what to look at, breaks the line, and says what is wrong there. */
function inOneLine(message: string): string {
  const line = stripVTControlCharacters(message)
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:/, '')
    .replace(/^Parsing (\S+)\s+/, '$1: ')
    .replace(/\s+/g, ' ')
    .trim();
  return /[.?!]$/.test(line) ? line : `${line}.`;
}
