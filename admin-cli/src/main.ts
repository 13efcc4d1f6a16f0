/** Starts relay-admin with the arguments of the process. */
import { flush } from '@oclif/core/flush';
import { handle } from '@oclif/core/handle';
import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
import { silenceExperimentalWarnings } from './terminal/warnings.ts';
import { isManifestFresh, ROOT } from './tree/manifest.ts';

silenceExperimentalWarnings(process);
// Node strips the types itself; without this, oclif looks for a transpiler whenever NODE_ENV is test or development.
settings.enableAutoTranspile = false;

const args = process.argv.slice(2);
try {
  await run(args, { root: ROOT, ignoreManifest: !isManifestFresh(ROOT) });
  await flush();
} catch (error) {
  const thrown = error instanceof Error ? error : new Error(String(error));
  // What no command has caught, such as the name of one that is not there.
  if (!args.includes('--json')) await handle(thrown);
  else {
    const { EXIT } = await import('./exits.ts');
    const usage = 'oclif' in thrown;
    const report = { error: { code: usage ? 'usage' : 'internal', message: thrown.message } };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    process.exitCode = usage ? EXIT.usage : EXIT.bug;
  }
}
