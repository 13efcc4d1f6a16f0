import type { ConfigFinding, ShownSetting } from '../config/index.ts';
import { counted, table } from './table.ts';

/** The findings as `--json` prints them. */
export function checkedJson(findings: readonly ConfigFinding[]) {
  return { usable: !findings.some(({ level }) => level === 'fault'), findings };
}

/** What `config check` prints. */
export function checkedText(file: string, findings: readonly ConfigFinding[]): string {
  if (findings.length === 0) return `${file}: every name is known and every value can be used.\n`;
  const lines = findings.map(({ level, name, line, finding }) => {
    const where = [name, line === undefined ? undefined : `line ${line}`].filter(
      (part) => part !== undefined,
    );
    return `${level.padEnd(7)}  ${where.length === 0 ? '' : `${where.join(', ')}: `}${finding}\n`;
  });
  const count = (level: ConfigFinding['level']) => findings.filter((one) => one.level === level).length;
  return `${lines.join('')}\n${counted(count('fault'), 'fault')}, ${counted(count('warning'), 'warning')}, ${counted(count('note'), 'note')}.\n`;
}

/** The settings as `--json` prints them. */
export function shownJson(settings: readonly ShownSetting[]) {
  return { settings: settings.map(({ name, value, from }) => ({ name, value: value ?? null, from })) };
}

/** What `config show` prints. */
export function shownText(settings: readonly ShownSetting[]): string {
  return table(
    ['SETTING', 'FROM', 'VALUE'],
    settings.map(({ name, from, value }) => [name, from, value ?? '']),
  );
}
