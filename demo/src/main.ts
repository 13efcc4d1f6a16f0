// Usage: node demo/src/main.ts [stop|clean]
// Runs the whole system on this machine; stop ends a running one; clean ends it and removes its circle and data.
import { cleanDemo } from './clean.ts';
import { DemoError } from './errors.ts';
import { PostgresError } from './postgres/index.ts';
import { runDemo } from './run.ts';
import { readSettings } from './settings.ts';
import type { Stopped } from './stop.ts';
import { stopDemo } from './stop.ts';
import { silenceExperimentalWarnings } from './warnings.ts';

function tell({ wasRunning, leftovers }: Stopped): void {
  if (wasRunning) console.log('The demonstration has ended.');
  if (leftovers.length > 0) console.log(`Ended what a killed run had left: ${leftovers.join(', ')}.`);
  if (!wasRunning && leftovers.length === 0) console.log('No demonstration was running.');
}

async function main(command: string | undefined): Promise<void> {
  const settings = readSettings(process.env);
  switch (command) {
    case undefined:
      return runDemo(settings, (line) => console.log(line));
    case 'stop':
      return tell(await stopDemo(settings.files));
    case 'clean':
      tell(await cleanDemo(settings.files));
      return console.log('Its circle, messages and logs are removed.');
    default:
      throw new DemoError('bad_setting', `There is no command "${command}"; use stop, clean or none.`);
  }
}

function fail(error: unknown): never {
  const isRunning = error instanceof DemoError && error.code === 'already_running';
  if (isRunning) console.log(error.message);
  else if (error instanceof DemoError || error instanceof PostgresError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(isRunning ? 0 : 1);
}

silenceExperimentalWarnings();
// A terminal that has gone away is no reason to leave processes behind.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

// What the ended work still holds open must not keep the process.
await main(process.argv[2]).then(() => process.exit(0), fail);
