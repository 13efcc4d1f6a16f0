/** A real disk that is nearly full, cannot be written to, or belongs to somebody else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdir, readdir, readFile, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './circle.ts';
import type { CliResult } from './cli.ts';
import { relayAdmin } from './cli.ts';

/** Who is not root needs a user namespace to mount anything. */
const APART = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
const ENTER = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];

/** Holds what takes the room away, and is none of what a test looks at. */
const FILLER = '.filler';

/** What befalls a run: pages or names that are left, the largest file in bytes, or rights that root has and this run has not. */
export interface Shortage {
  pages?: number;
  names?: number;
  fileBytes?: number;
  rights?: 'none';
}

/** What is on the disk: content and mode of each file, mode of each folder, by path. */
export type Content = Record<string, string>;

/** A tmpfs in a mount namespace of its own: it ends with its one process, and that with this one. */
export class SmallDisk {
  /** Where it is for the programs that run on it. */
  readonly place: string;
  /** Where it is for this process. */
  readonly folder: string;
  readonly #enter: readonly string[];

  private constructor(place: string, pid: number) {
    this.place = place;
    this.folder = `/proc/${pid}/root${place}`;
    this.#enter = ['nsenter', ...ENTER, '--mount', '--target', String(pid)];
  }

  /**
   * Mounts one of a megabyte; it is gone when the test ends.
   * @throws Error where this system does not allow it: a test of faults that are not there proves nothing
   */
  static async mount(): Promise<SmallDisk> {
    const place = await temporaryDirectory();
    const inside =
      'mount -t tmpfs -o size=1m,nr_inodes=200,mode=0700 relay-test "$1" && echo mounted && exec cat';
    const holder = spawn('unshare', [...APART, '--mount', 'sh', '-c', inside, 'sh', place]);
    let said = '';
    for (const stream of [holder.stdout, holder.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    const ended = once(holder, 'close');
    onTestFinished(async () => {
      holder.stdin.end();
      await ended;
    });
    await Promise.race([once(holder.stdout, 'data'), ended]);
    if (said !== 'mounted\n' || holder.pid === undefined) {
      throw new Error(
        `A tmpfs cannot be mounted here, which this test needs (root, or user namespaces): ${said}`,
      );
    }
    return new SmallDisk(place, holder.pid);
  }

  /** Lets nobody write to it any more, or again. */
  async allowWrites(isAllowed: boolean): Promise<void> {
    const how = `remount,bind,${isAllowed ? 'rw' : 'ro'}`;
    const args = [...this.#enter.slice(1), 'mount', '-o', how, this.place];
    const [code] = await once(spawn('nsenter', args, { stdio: 'inherit' }), 'close');
    if (code !== 0) throw new Error(`${how} of ${this.place} failed`);
  }

  /** Runs relay-admin in the disk's folder, under a shortage that ends with it. */
  async run(
    args: readonly string[],
    shortage: Shortage = {},
    env: Record<string, string> = {},
  ): Promise<CliResult> {
    const { pages, names, fileBytes, rights } = shortage;
    const through = [...this.#enter, 'sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', this.place];
    // Root without its capabilities is kept out like anybody else, and can still read this folder.
    if (rights === 'none') through.push('setpriv', '--bounding-set=-all', '--inh-caps=-all');
    if (fileBytes !== undefined) through.push('prlimit', `--fsize=${fileBytes}`);
    await this.#fill(pages, names);
    try {
      return await relayAdmin(args, { cwd: this.place, env, through });
    } finally {
      await rm(join(this.folder, FILLER), { recursive: true, force: true });
    }
  }

  /** All that is on it. */
  async content(): Promise<Content> {
    const found: Content = {};
    for (const name of (await readdir(this.folder, { recursive: true })).toSorted()) {
      const path = join(this.folder, name);
      const entry = await lstat(path);
      const mode = entry.mode.toString(8);
      found[name] = entry.isFile() ? `${mode} ${(await readFile(path)).toString('base64')}` : mode;
    }
    return found;
  }

  async #fill(pages: number | undefined, names: number | undefined): Promise<void> {
    if (pages === undefined && names === undefined) return;
    const filler = join(this.folder, FILLER);
    await mkdir(filler);
    if (names !== undefined) {
      for (let left = (await statfs(filler)).ffree; left > names; left--)
        await writeFile(join(filler, `${left}`), '');
    }
    if (pages !== undefined) {
      const file = join(filler, 'pages');
      await writeFile(file, '');
      const { bavail, bsize } = await statfs(filler);
      await writeFile(file, new Uint8Array(bavail * bsize));
      await truncate(file, (bavail - pages) * bsize);
    }
  }
}
