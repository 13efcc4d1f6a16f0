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

/** Where the figures of a run of its own stand. */
const marksOf = (only: readonly string[]) => [
  `<!-- figures of ${only.join(', ')}: written by \`npm run bench -- ${only.map((name) => `--only ${name} `).join('')}--write\` -->`,
  `<!-- end of figures of ${only.join(', ')} -->`,
];

/**
 * Puts figures into a document in place of those that stand there.
 * @param only measurements that were run, where not all were: their figures stand by themselves, and those of other runs stay
 * @throws Error when the document does not say where they belong
 */
export function replaceFigures(document: string, figures: string, only?: readonly string[]): string {
  const [begin = BEGIN, end = END] = only === undefined ? [] : marksOf(only.toSorted());
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from >= 0 && to > from)
    return `${document.slice(0, from)}${begin}\n\n${figures}\n${document.slice(to)}`;
  const last = document.indexOf(END);
  if (only === undefined || last < 0) throw new Error('the document has no place for figures');
  const after = last + END.length;
  return `${document.slice(0, after)}\n\n${begin}\n\n${figures}\n${end}${document.slice(after)}`;
}
