import type { RenamedSetting, SettingInfo } from '@relay/server/settings';
import { versionMark } from '@relay/server/settings';
import { nearestName } from '../terminal/nearest.ts';
import type { EnvFile } from './env-file.ts';
import { valuesOf } from './env-file.ts';
import { missingSettings, weakSettings } from './rules.ts';

/** `fault`: it will not work. `warning`: it works, and is worth a thought. `note`: it may be of use. */
export type ConfigLevel = 'fault' | 'warning' | 'note';

/** What is to be said of a `.env`; no value of a secret, nor of a name that is not known. */
export interface ConfigFinding {
  level: ConfigLevel;
  /** The setting; undefined for what is of the whole file. */
  name: string | undefined;
  /** From 1; undefined for what is not there. */
  line: number | undefined;
  /** One sentence, with what to do. */
  finding: string;
}

/** What a `.env` is held against. */
export interface KnownSettings {
  /** Of this set of settings. */
  version: number;
  settings: readonly SettingInfo[];
  renamed: readonly RenamedSetting[];
  /** Settings that came later, with the version that brought them. */
  added: Readonly<Record<string, number>>;
}

/** Read by compose and Docker themselves. */
const FOREIGN = /^(COMPOSE|DOCKER|BUILDKIT|BUILDX)_/;

/** Compares a `.env` with the settings there are: lines, names, values, what is missing, what is weak, and what an upgrade brought. */
export function checkConfig(file: EnvFile, known: KnownSettings): ConfigFinding[] {
  const values = valuesOf(file);
  const lineOf = (name: string) => file.lines.findLast((one) => one.name === name)?.line;
  const of = (level: ConfigLevel, name: string, finding: string): ConfigFinding => ({
    level,
    name,
    line: lineOf(name),
    finding,
  });
  return [
    ...file.faulty.map((line) => ({
      level: 'fault' as const,
      name: undefined,
      line,
      finding: 'This is no NAME=value. Compose may refuse the whole file: mend the line, or begin it with #.',
    })),
    ...[...values.keys()].flatMap((name) => named(name, file, known, of)),
    ...[...values].flatMap(([name, text]) => valued(name, text, known, of)),
    ...missingSettings(values).map(([name, finding]) => of('fault', name, finding)),
    ...weakSettings(values).map(([name, finding]) => of('warning', name, finding)),
    ...drift(file, values, known),
  ];
}

type Of = (level: ConfigLevel, name: string, finding: string) => ConfigFinding;

function named(name: string, file: EnvFile, { settings, renamed }: KnownSettings, of: Of): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  const times = file.lines.filter((one) => one.name === name).map(({ line }) => line);
  if (times.length > 1) {
    findings.push(
      of(
        'warning',
        name,
        `It is there ${times.length} times (lines ${times.join(', ')}); the last one counts. Take the others out.`,
      ),
    );
  }
  if (settings.some((one) => one.name === name) || FOREIGN.test(name)) return findings;
  const now = renamed.find(({ from }) => from === name)?.to;
  if (now !== undefined) {
    findings.push(of('fault', name, `It is called ${now} now, and nothing reads the old name. Rename it.`));
    return findings;
  }
  const nearest = nearestName(
    name,
    settings.map((one) => one.name),
  );
  findings.push(
    of(
      'warning',
      name,
      `Nothing reads this name. ${nearest === undefined ? 'Take it out; docs/settings.md has them all.' : `Is ${nearest} meant?`}`,
    ),
  );
  return findings;
}

function valued(name: string, text: string, { settings }: KnownSettings, of: Of): ConfigFinding[] {
  const setting = settings.find((one) => one.name === name);
  if (setting === undefined || text === '') return [];
  // What compose itself puts in, from another setting.
  const wrong = text.includes('${') ? undefined : setting.check(text);
  if (wrong !== undefined) {
    return [
      of('fault', name, setting.secret ? 'The value cannot be used.' : `The value cannot be used: ${wrong}.`),
    ];
  }
  if (!setting.fixed) return [];
  return [
    of(
      'note',
      name,
      'In an appliance it has no say: the compose files set it themselves. It is for work without Docker.',
    ),
  ];
}

/** A file without a mark is as old as any. */
const FIRST_VERSION = 1;

function drift(
  file: EnvFile,
  values: ReadonlyMap<string, string>,
  { added, version }: KnownSettings,
): ConfigFinding[] {
  const since = file.version ?? FIRST_VERSION;
  const fresh = Object.keys(added).filter((name) => (added[name] ?? 0) > since && !values.has(name));
  if (fresh.length === 0) return [];
  const note = (name: string | undefined, finding: string) =>
    ({ level: 'note', name, line: undefined, finding }) as const;
  return [
    ...fresh.map((name) =>
      note(
        name,
        'It is new since this file was written; without it, its default is used (docs/settings.md).',
      ),
    ),
    note(
      undefined,
      `To be told of what is newer still alone, make this the first line, in place of one like it: ${versionMark(version)}`,
    ),
  ];
}
