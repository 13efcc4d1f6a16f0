/** The text of a `.env`, as compose and `make up` read it. */

/** A line `NAME=value`. */
export interface EnvLine {
  /** From 1. */
  line: number;
  name: string;
  /** Without quotes and comment. */
  value: string;
}

/** A `.env`. */
export interface EnvFile {
  /** In order; of a name that comes twice the last one counts. */
  lines: readonly EnvLine[];
  /** Numbers of lines that are neither this, nor empty, nor a comment. */
  faulty: readonly number[];
  /** Which set of settings it was written for, where it says so. */
  version: number | undefined;
}

/** No `.env` is longer. */
export const ENV_LIMIT = 262_144;

/** What `versionMark` of the settings writes. */
const MARK = /^# relay-settings (\d{1,6})$/;

/** Reads the text of a `.env`. */
export function parseEnvFile(text: string): EnvFile {
  const lines: EnvLine[] = [];
  const faulty: number[] = [];
  let version: number | undefined;
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/\r$/, '').trimStart();
    const mark = MARK.exec(line)?.[1];
    if (mark !== undefined) version = Number(mark);
    if (line === '' || line.startsWith('#')) return;
    const [, name, value] = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) faulty.push(index + 1);
    else lines.push({ line: index + 1, name, value: unquoted(value) });
  });
  return { lines, faulty, version };
}

/** What each name comes to. */
export function valuesOf({ lines }: Pick<EnvFile, 'lines'>): Map<string, string> {
  return new Map(lines.map(({ name, value }) => [name, value]));
}

function unquoted(value: string): string {
  const quoted = /^"([^"]*)"/.exec(value) ?? /^'([^']*)'/.exec(value);
  return quoted?.[1] ?? value.replace(/\s+#.*$/, '').trimEnd();
}
