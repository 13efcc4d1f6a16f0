import { rmSync } from 'node:fs';
import type { Files } from './settings.ts';
import type { Stopped } from './stop.ts';
import { stopDemo } from './stop.ts';

/** Ends the demonstration and removes its circle, its messages and its logs. */
export async function cleanDemo(files: Files): Promise<Stopped> {
  const stopped = await stopDemo(files);
  rmSync(files.postgres, { recursive: true, force: true });
  rmSync(files.state, { recursive: true, force: true });
  return stopped;
}
