/** The soak in short, and what it judges by: `make soak` is the long one. */
import { expect, test } from 'vitest';
import type { Sample } from '../soak/gauges.ts';
import { trends } from '../soak/gauges.ts';
import { Ledger } from '../soak/ledger.ts';
import { unexpectedLines } from '../soak/log-lines.ts';
import { hasFailed, placeReport } from '../soak/report.ts';
import { soak } from '../soak/soak.ts';

test('six members at work for half a minute, over a relay that is restarted, lose nothing and get nothing twice', async () => {
  const { lines, troubles } = await soak(
    { minutes: 0.4, seed: 5, members: 6, pace: 400, write: false },
    () => {},
  );
  const figureOf = (words: string) => lines.find(({ name }) => name.startsWith(words))?.value;
  expect(figureOf('deliveries that they make')).toBeGreaterThan(0);
  expect(figureOf('restarts of the relay')).toBeGreaterThan(0);
  expect(troubles).toEqual([]);
  expect(lines.filter(hasFailed)).toEqual([]);
});

test('a ledger tells what is lost, shown twice, strayed or spoilt', () => {
  const ledger = new Ledger();
  const [text, file] = [ledger.mark('text'), ledger.mark('file')];
  ledger.took({ id: text, to: [2, 3], at: 1 });
  ledger.took({ id: file, to: [2], at: 2, digest: 'aa' });
  ledger.saw(2, [text, file]);
  expect(ledger.missing()).toEqual([
    { id: text, member: 3 },
    { id: file, member: 2 },
  ]);
  ledger.saved(2, file, 'aa');
  ledger.saw(3, [text, text]);
  ledger.saw(4, [text]);
  expect(ledger.missing()).toEqual([]);
  expect([...ledger.doubled, ...ledger.strayed]).toEqual([`${text} 3`, `${text} 4`]);
  ledger.saved(2, file, 'bb');
  expect([...ledger.spoilt]).toEqual([`${file} 2`]);
  expect(ledger.since(2).map(({ id }) => id)).toEqual([file]);
});

test('what grows is told from what only moves, within the last life of the relay', () => {
  const still: Sample = {
    at: 0,
    life: 2,
    relayMb: 200,
    relayHandles: 60,
    workerMb: 100,
    workerHandles: 20,
    coturnMb: 15,
    coturnHandles: 30,
    connections: 20,
    clientsMb: 60,
    clientsHandles: 60,
  };
  const of = (change: (i: number) => Partial<Sample>) =>
    Array.from({ length: 30 }, (_, i) => ({ ...still, ...change(i) }));
  const grown = (samples: Sample[]) => trends(samples).filter(({ isFlat }) => !isFlat);
  expect(grown(of((i) => ({ relayMb: 200 + (i % 3) * 20 })))).toEqual([]);
  expect(grown(of((i) => ({ relayMb: 200 + i * 5 })))).toMatchObject([{ gauge: 'relayMb' }]);
  expect(grown(of((i) => ({ connections: 20 + i })))).toMatchObject([{ gauge: 'connections' }]);
  expect(grown(of((i) => (i < 15 ? { life: 1, relayMb: 10 } : {})))).toEqual([]);
});

test('lines that nobody expects are found in every log', () => {
  const fine = {
    relay: '{"level":30,"part":"relay","port":1,"msg":"listening"}\n',
    worker: '{"level":30,"part":"worker","msg":"swept"}\n',
    coturn: '0: : INFO: listening\n',
  };
  expect(unexpectedLines(fine)).toEqual([]);
  const strange = {
    relay: `${fine.relay}{"level":50,"msg":"internal fault"}\n`,
    worker: `${fine.worker}TypeError: x\n`,
    coturn: '1: : ERROR: no\n',
  };
  expect(unexpectedLines(strange).map((line) => line.split(':')[0])).toEqual(['relay', 'worker', 'coturn']);
});

test('a report takes the place of the one before, or its place among the figures', () => {
  const once = placeReport('# Security\n\n## Figures\n\nOthers.\n\n## Limits\n\nNone.\n', 'first');
  expect(once).toMatch(/## Figures\n\nOthers\.\n\n<!-- soak.*\n\nfirst\n\n<!-- soak: end -->\n\n## Limits/);
  const twice = placeReport(once, 'second');
  expect(twice).toBe(once.replace('first', 'second'));
  expect(placeReport('# Security\n', 'first')).toContain('## Figures\n\n<!-- soak');
});
