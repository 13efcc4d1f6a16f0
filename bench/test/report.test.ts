import { describe, expect, it } from 'vitest';
import { renderMarkdown, replaceFigures } from '../src/report/markdown.ts';
import { formatFigure } from '../src/report/rows.ts';
import { renderTable } from '../src/report/table.ts';
import type { Result } from '../src/runner.ts';

const RESULTS: Result[] = [
  {
    name: 'stores',
    title: 'stores',
    unit: 'blobs/s',
    subject: 'relay',
    figures: [
      {
        quantile: 0.5,
        value: 1234.5,
        floors: [
          { name: 'bare', value: 2469, speed: 0.5, range: [0.4, 0.6] },
          { name: 'barer', value: 12345, speed: 0.1, range: [0.09, 0.11] },
        ],
      },
    ],
    parts: {},
  },
  {
    name: 'waits',
    title: 'waits',
    unit: 'ms',
    subject: 'client',
    figures: [
      { quantile: 0.95, value: 20, floors: [{ name: 'sum', value: 5, speed: 0.25, range: [0.2, 0.3] }] },
    ],
    parts: { sum: { seal: 1.234, open: 12.34 } },
  },
];

describe('formatFigure', () => {
  it('keeps three digits or so', () => {
    expect([0.123, 1.234, 12.34, 123.4, 12345].map(formatFigure)).toEqual([
      '0.12',
      '1.23',
      '12.3',
      '123',
      '12,345',
    ]);
  });
});

describe('renderTable', () => {
  it('puts every floor beside its subject', () => {
    expect(renderTable(RESULTS, 'Here, today.')).toBe(
      `measured    unit     figure  held against  its figure  speed  middle half
stores      blobs/s   1,235  bare               2,469   0.50    0.40–0.60
                             barer             12,345   0.10    0.09–0.11
waits, p95  ms         20.0  sum                 5.00   0.25    0.20–0.30

waits; sum, medians in ms: seal 1.23, open 12.3.
Here, today.
`,
    );
  });
});

describe('renderMarkdown', () => {
  const figures = renderMarkdown(RESULTS, 'Here, today.');

  it('is a table with a line for each floor', () => {
    expect(figures.split('\n').slice(1, 4)).toEqual([
      '| --- | --- | ---: | --- | ---: | ---: | ---: |',
      '| stores | blobs/s | 1,235 | bare | 2,469 | 0.50 | 0.40–0.60 |',
      '|  |  |  | barer | 12,345 | 0.10 | 0.09–0.11 |',
    ]);
    expect(figures.endsWith('\n\nHere, today.\n')).toBe(true);
  });

  it('replaces the figures of a document, and nothing else, as often as wanted', () => {
    const begin = '<!-- figures: written by `npm run bench -- --write`; what stands here is replaced -->';
    const end = '<!-- end of figures -->';
    const document = `before\n${begin}\nold\n${end}\nafter\n`;
    const once = replaceFigures(document, figures);
    expect(once).toBe(`before\n${begin}\n\n${figures}\n${end}\nafter\n`);
    expect(replaceFigures(once, figures)).toBe(once);
    expect(() => replaceFigures('no place', figures)).toThrow('no place for figures');
    // Of a run of some alone: beside the others, and in place of its own.
    const both = replaceFigures(once, 'of b and a\n', ['b', 'a']);
    expect(both).toContain(once.slice(0, once.indexOf('<!-- end of figures -->')));
    expect(both).toContain('figures of a, b: written by `npm run bench -- --only a --only b --write`');
    expect(replaceFigures(both, 'again\n', ['a', 'b'])).toBe(both.replace('of b and a\n', 'again\n'));
    expect(replaceFigures(replaceFigures(both, 'c\n', ['c']), 'of b and a\n', ['a', 'b'])).toContain('\nc\n');
    expect(() => replaceFigures('no place', figures, ['a'])).toThrow('no place for figures');
  });
});
