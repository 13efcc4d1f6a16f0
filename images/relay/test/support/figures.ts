/** Puts figures of a run into docs/security.md, where somebody asks for it with RELAY_FIGURES=write. */
import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = new URL('../../../../docs/security.md', import.meta.url);

/**
 * Replaces what stands between the two marks of a part of the page; does nothing unless it was asked for.
 * @param part name of the part
 * @param command what makes the figures, for people
 * @param text the figures, in Markdown
 * @throws Error when the page has no such part
 */
export function putFigures(part: string, command: string, text: string): void {
  if (process.env.RELAY_FIGURES !== 'write') return;
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [`<!-- ${part}: begin -->`, `<!-- ${part}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/security.md has no part ${part}`);
  const when = new Date().toISOString().slice(0, 10);
  const made = `${begin}\nBy \`${command}\`, ${when}.\n\n${text}\n${end}`;
  writeFileSync(PAGE, page.slice(0, from) + made + page.slice(to + end.length));
}
