/** Starts relay-admin with the arguments of the process. */
import { flush } from '@oclif/core/flush';
import { handle } from '@oclif/core/handle';
import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
import { endWhereOutputIsLost } from './terminal/output.ts';
import { silenceExperimentalWarnings } from './terminal/warnings.ts';
import { isManifestFresh, ROOT } from './tree/manifest.ts';

silenceExperimentalWarnings(process);
endWhereOutputIsLost(process);
// Node strips the types itself; without this, oclif looks for a transpiler whenever NODE_ENV is test or development.
settings.enableAutoTranspile = false;

/** What to say of a command that is not there. @param id its words, with colons between */
async function noCommand(id: string): Promise<string> {
  const { loadTree } = await import('./tree/load.ts');
  const { typedCommands } = await import('./tree/words.ts');
  const { noCommandText } = await import('./terminal/usage.ts');
  const { bin, commands } = await loadTree();
  const words = typedCommands(commands).map((command) => command.words);
  return noCommandText(id.replaceAll(':', ' '), words, bin);
}

const args = process.argv.slice(2);
try {
  // There are no plugins to look for in the person's home: what lies there is no code of ours, and it may not be readable.
  await run(args, { root: ROOT, ignoreManifest: !isManifestFresh(ROOT), userPlugins: false });
  await flush();
} catch (error) {
  const thrown = error instanceof Error ? error : new Error(String(error));
  // What no command has caught, such as the name of one that is not there.
  const [, missing] = /^command (.*) not found\.?$/is.exec(thrown.message) ?? [];
  const isJson = args.includes('--json');
  if (missing === undefined && !isJson) await handle(thrown);
  else {
    const { EXIT } = await import('./exits.ts');
    const code = missing === undefined ? 'internal' : 'usage';
    const message = missing === undefined ? thrown.message : await noCommand(missing);
    if (isJson) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
    else process.stderr.write(`Error: ${message}\n`);
    process.exitCode = missing === undefined ? EXIT.bug : EXIT.usage;
  }
}
