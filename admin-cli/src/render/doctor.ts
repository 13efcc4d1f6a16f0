import type { Facts, Finding, Level } from '../doctor/index.ts';
import { timeText } from './duration.ts';
import { counted } from './table.ts';

const WORDS: Readonly<Record<Level, string>> = {
  ok: 'ok     ',
  unseen: 'unseen ',
  warning: 'warning',
  fault: 'FAULT  ',
};

/** The findings as `--json` prints them. */
export function doctorJson({ now }: Pick<Facts, 'now'>, findings: readonly Finding[]) {
  return { at: timeText(now), well: !findings.some(({ level }) => level === 'fault'), findings };
}

/**
 * What `doctor` prints.
 * @param quiet prints nothing unless there is a fault, and then only what is worth a look
 */
export function doctorText(findings: readonly Finding[], quiet: boolean): string {
  const faults = findings.filter(({ level }) => level === 'fault').length;
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  if (quiet && faults === 0) return '';
  const shown = quiet ? findings.filter(({ level }) => level === 'fault' || level === 'warning') : findings;
  const width = Math.max(0, ...shown.map(({ area }) => area.length));
  const lines = shown.map(({ area, level, finding, means, mend }) => {
    const indent = ' '.repeat(11 + width);
    const more = [means, mend === undefined ? undefined : `Mend: ${mend}`].filter(
      (text) => text !== undefined,
    );
    return `${WORDS[level]}  ${area.padEnd(width)}  ${finding}\n${more.map((text) => `${indent}${text}\n`).join('')}`;
  });
  const sum =
    faults === 0
      ? `No fault was found${warnings === 0 ? '' : `; ${counted(warnings, 'warning')}`}.`
      : `${counted(faults, 'fault')}, ${counted(warnings, 'warning')}.`;
  return `${lines.join('')}\n${sum}\n`;
}
