/** Run as a process of its own: writes three files of a new directory, says so, and waits to be killed. */
import { writeNewDirectory } from '../../src/files/new-directory.ts';

async function* files() {
  for (const number of [1, 2, 3]) {
    yield { name: `identity-0${number}.bin`, bytes: new Uint8Array(1_000) };
  }
  process.stdout.write('midway\n');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

await writeNewDirectory(process.argv[2] ?? '', files());
