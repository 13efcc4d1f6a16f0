// Usage: npm run bench -- [OPTION...]; --help lists them.
import { readFileSync, writeFileSync } from 'node:fs';
import { MEASUREMENTS } from './measurements/index.ts';
import type { Options } from './options.ts';
import { parseOptions, USAGE, UsageError } from './options.ts';
import { renderMarkdown, replaceFigures } from './report/markdown.ts';
import { describeSurroundings } from './report/surroundings.ts';
import { renderTable } from './report/table.ts';
import type { Result } from './runner.ts';
import { roundsOf, runMeasurement } from './runner.ts';
import { createWorld } from './system/world.ts';

const DOCUMENT = new URL('../../docs/bench.md', import.meta.url);

async function measure({ sizes, only }: Options): Promise<{ results: Result[]; surroundings: string }> {
  const world = createWorld();
  const interrupt = () => void world.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const results: Result[] = [];
    for (const measurement of MEASUREMENTS.filter(({ name }) => only?.includes(name) ?? true)) {
      const { name } = measurement;
      const rounds = roundsOf(measurement, sizes);
      results.push(
        await runMeasurement(measurement, world, sizes, (round) => {
          process.stderr.write(round === 0 ? `${name}: warm-up\n` : `${name}: round ${round} of ${rounds}\n`);
        }),
      );
    }
    return { results, surroundings: describeSurroundings(sizes, world.postgresVersion(), new Date()) };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await world.close();
  }
}

function print({ format, sizes }: Options, results: Result[], surroundings: string): string {
  if (format === 'json') return `${JSON.stringify({ surroundings, sizes, results }, null, 2)}\n`;
  return (format === 'markdown' ? renderMarkdown : renderTable)(results, surroundings);
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(
    args,
    MEASUREMENTS.map(({ name }) => name),
  );
  if (options.help) {
    process.stdout.write(`${USAGE}\nMeasurements: ${MEASUREMENTS.map(({ name }) => name).join(', ')}\n`);
    return;
  }
  const { results, surroundings } = await measure(options);
  process.stdout.write(print(options, results, surroundings));
  if (options.write)
    writeFileSync(
      DOCUMENT,
      replaceFigures(readFileSync(DOCUMENT, 'utf8'), renderMarkdown(results, surroundings), options.only),
    );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nTry --help.\n`);
  process.exitCode = 2;
}
