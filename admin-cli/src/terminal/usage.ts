/**
 * What was typed wrongly, in a sentence; the library's own words are lists, and a screen of help after them. A word that nobody expected is
 * repeated only where it is nearly one that is known: it may be a secret in a wrong place.
 */
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
  const surplus = args.filter((arg) => typeof arg === 'string').length;
  const said = [
    ...(surplus === 0 ? [] : [tooMany(surplus)]),
    ...args.flatMap((arg) =>
      typeof arg === 'string'
        ? []
        : [`${arg.name.toUpperCase()} is missing. ${arg.description ?? ''}`.trim()],
    ),
    ...flags.map((flag) => unknownFlag(flag.replace(/=.*$/s, ''), known)),
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
    return `What follows “${before}” is too much. ${HIDDEN} See: ${bin} ${before} --help`;
  }
  const topics = commands.flatMap((words) => (words.includes(' ') ? [words.replace(/ .*/, '')] : []));
  const meant =
    nearestName(typed, commands) ??
    [...topics, ...commands].find((words) => words.startsWith(typed)) ??
    nearestName(typed, topics);
  const topic = topics.find((word) => typed.startsWith(`${word} `));
  const help = topic === undefined ? `${bin} --help` : `${bin} ${topic} --help`;
  const said =
    meant === undefined
      ? `There is no such command. ${HIDDEN}`
      : `There is no command “${typed}”. Is ${meant} meant?`;
  return `${said} See: ${help}`;
}

const HIDDEN = 'What was typed is not repeated here, as it may be a secret.';

function tooMany(count: number): string {
  return `${count === 1 ? '1 word is' : `${count} words are`} too many. ${HIDDEN}`;
}

function unknownFlag(flag: string, known: readonly string[]): string {
  const meant = nearestName(flag, known);
  return meant === undefined
    ? `There is no such flag. ${HIDDEN}`
    : `There is no flag ${flag}. Is ${meant} meant?`;
}

/** The library says what to look at, breaks the line, says what is wrong there, and quotes the value. */
function inOneLine(message: string): string {
  const line = stripVTControlCharacters(message)
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:/, '')
    .replace(/ but received: .*$/s, '')
    .replace(/^Expected (--[\w-]+)=.* to be one of: /s, '$1 takes one of: ')
    .replace(/(--[\w-]+)=.*? cannot also be provided/gs, '$1 cannot also be provided')
    .replace(/^Parsing (\S+)\s+/, '$1: ')
    .replace(/\s+/g, ' ')
    .trim();
  return /[.?!]$/.test(line) ? line : `${line}.`;
}
