import { readFileSync } from 'node:fs';

/** Names of the command blocks of docs/operating.md that tests of the appliance run, in the order of the page. */
export const CLAIMED = [
  'up',
  'seed',
  'turn-test',
  'look',
  'down',
  'turn-rotate',
  'doctor',
  'upgrade',
  'move-dump',
  'move-restore',
  'major-dump',
  'major-restore',
  'remove',
] as const;

/** Name of a command block of docs/operating.md. */
export type CommandName = (typeof CLAIMED)[number];

/** A fenced block of shell commands. */
export interface Block {
  /** What follows ```` ```sh ```` on its first line, such as `test=up`. */
  tag: string;
  /** Its commands, one a line. */
  lines: readonly string[];
}

/** Every fenced block of shell commands on a page of Markdown, in order, however it is tagged and indented. */
export function shellBlocks(markdown: string): Block[] {
  const fences = markdown.matchAll(
    /^[ \t]*(`{3,})[ \t]*(?:sh|shell|bash|console)\b(.*)\n([\s\S]*?)^[ \t]*\1[ \t]*$/gm,
  );
  return [...fences].map(([, , tag = '', body = '']) => ({
    tag: tag.trim(),
    lines: body
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  }));
}

/**
 * The commands that tests run, by name. Blocks tagged `internet` are left out.
 *
 * @param markdown - a page whose blocks are tagged `test=NAME`
 * @throws Error when two blocks have one name
 */
export function commandsByName(markdown: string): Map<string, readonly string[]> {
  const commands = new Map<string, readonly string[]>();
  for (const { tag, lines } of shellBlocks(markdown)) {
    const name = /^test=([a-z-]+)$/.exec(tag)?.[1];
    if (name === undefined) continue;
    if (commands.has(name)) throw new Error(`two blocks are called ${name}`);
    commands.set(name, lines);
  }
  return commands;
}

/** The text of docs/operating.md. */
export function operatingPage(): string {
  return readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
}

/** The commands of docs/operating.md that tests run, by name: each line is one for `sh`, run in the project's root. */
export const operatingCommands: ReadonlyMap<string, readonly string[]> = commandsByName(operatingPage());
