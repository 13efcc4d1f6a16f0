import type { Result } from '../runner.ts';
import { COLUMNS, NUMERIC, rowsOf, stepLines } from './rows.ts';

const BEGIN = '<!-- figures: written by `npm run bench -- --write`; what stands here is replaced -->';
const END = '<!-- end of figures -->';

/** The results in Markdown. */
export function renderMarkdown(results: readonly Result[], surroundings: string): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = NUMERIC.map((numeric) => (numeric ? '---:' : '---'));
  const table = [line(COLUMNS), line(rule), ...rowsOf(results).map(line)];
  return `${[table.join('\n'), ...stepLines(results), surroundings].join('\n\n')}\n`;
}

/**
 * Puts figures into a document in place of those that stand there.
 * @throws Error when the document does not say where they belong
 */
export function replaceFigures(document: string, figures: string): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error('the document has no place for figures');
  return `${document.slice(0, from)}${BEGIN}\n\n${figures}\n${document.slice(to)}`;
}
