/** Replacing a file in one step, by one writer at a time. */
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RelayError } from '@relay/protocol/wire';

/** A lock of this age was left by a process that is gone: whoever holds one writes a few hundred bytes. In milliseconds. */
const STALE_MS = 30_000;

/** Longer than a lock can be left behind, so that whoever comes right after a process that was killed gets it. In milliseconds. */
const PATIENCE_MS = STALE_MS + 5_000;
const PAUSE_MS = 25;

/** What to do, by what the system says. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Make room and try again.',
  EDQUOT: 'The disk quota is used up. Make room and try again.',
  EFBIG: 'A limit for the size of files is reached, of this user or process. Lift it and try again.',
  EROFS: 'Its file system may only be read. Mount it for writing and try again.',
};

/** Readable by the TURN server's group, which the directory hands on (setgid). */
const MODE = 0o640;

/**
 * Runs `work` while no other process writes the file. Numbers of processes say nothing between containers, so a lock that was
 * left behind is known by its age alone.
 * @throws RelayError `turn_unavailable` when another process holds the lock for 35 seconds, or the system refuses; what else
 * `work` throws
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await underLock(path, work);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause && 'code' in cause)) throw cause;
    const advice = ADVICE[String(cause.code)] ?? 'Check the directory and its owner.';
    const message = `The TURN secrets file ${path} cannot be written (${cause.code}). ${advice}`;
    throw new RelayError('turn_unavailable', message, { cause });
  }
}

async function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  for (let waited = 0; !(await take(lock)); waited += PAUSE_MS) {
    if (waited >= PATIENCE_MS) {
      const message = `Another process is changing ${path}. Try again, or remove ${lock} if none is.`;
      throw new RelayError('turn_unavailable', message);
    }
    // Two that find it stale at once may both write. That costs the first one's new secret before its ten seconds are over,
    // so no credential was made with it.
    if (await isStale(lock)) await rm(lock, { force: true });
    else await sleep(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/**
 * Replaces a file, or makes it: whoever reads finds the old content or the new. It is on the disk when this returns.
 * Call it under {@link withLock}.
 * @throws the system's error; what was begun is then gone
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const directory = dirname(path);
  const prefix = `${basename(path)}.new-`;
  for (const name of await readdir(directory)) {
    if (name.startsWith(prefix)) await rm(join(directory, name), { force: true });
  }
  const fresh = join(directory, `${prefix}${randomBytes(6).toString('hex')}`);
  try {
    await writeFresh(fresh, text);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  const folder = await open(directory, 'r');
  await folder.sync().finally(() => folder.close());
}

async function writeFresh(fresh: string, text: string): Promise<void> {
  const file = await open(fresh, 'wx', MODE);
  try {
    await file.writeFile(text);
    // The umask may have taken the group's right away.
    await file.chmod(MODE);
    // Written by root, as in a container that somebody entered, it must stay the relay's own.
    if (process.getuid?.() === 0) {
      const { uid, gid } = await stat(dirname(fresh));
      await file.chown(uid, gid);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(lock)).mtimeMs > STALE_MS;
  } catch {
    // Gone meanwhile.
    return false;
  }
}
