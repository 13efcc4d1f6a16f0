import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { timed } from '../load/clock.ts';
import type { Measurement } from '../measurement.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const ADMIN = join(PROJECT, 'admin-cli');

/** Starts of each program in a round. */
const STARTS = 5;

const PACKAGE = {
  name: 'bare',
  version: '0.0.0',
  type: 'module',
  oclif: { bin: 'bare', commands: { strategy: 'pattern', target: './commands' } },
};
const MAIN = `import { execute } from '@oclif/core';\nawait execute({ dir: import.meta.url });\n`;
const COMMAND = `import { Command } from '@oclif/core';
export default class Hello extends Command {
  static summary = 'Say hello.';
  async run() {
    this.log('hello');
  }
}
`;

/** The least that oclif can be: one command, in JavaScript, in a folder of its own. */
async function bareOclif(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-bench-oclif-'));
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'commands'));
  await writeFile(join(folder, 'package.json'), JSON.stringify(PACKAGE));
  await writeFile(join(folder, 'main.js'), MAIN);
  await writeFile(join(folder, 'commands/hello.js'), COMMAND);
  return folder;
}

/** From the start of `relay-admin --help` to its end. */
export const adminHelp: Measurement = {
  name: 'admin-help',
  title: 'start relay-admin and print its help',
  unit: 'ms',
  quantiles: [0.5],
  async prepare() {
    const folder = await bareOclif();
    // As bootstrap and the image’s build do.
    await run(process.execPath, [join(ADMIN, 'src/tree/write-manifest.ts')]);
    const help = async (program: string) => {
      const samples: number[] = [];
      for (let i = 0; i < STARTS; i++) {
        samples.push(await timed(() => run(process.execPath, [program, '--help'])));
      }
      return { samples };
    };
    return {
      subject: { name: 'relay-admin', run: () => help(join(ADMIN, 'bin/relay-admin.js')) },
      floors: [
        { name: 'oclif with one command that does nothing', run: () => help(join(folder, 'main.js')) },
      ],
      close: () => rm(folder, { recursive: true }),
    };
  },
};
