/** Files and directories that belong to somebody else than the process that makes them. */
import type { FileHandle } from 'node:fs/promises';
import { constants, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whose something is, by number, since the users exist in other images only. */
export interface Owner {
  uid: number;
  gid: number;
}

/** Whose something is, and what may be done with it. */
export interface Rights extends Owner {
  /** As of chmod, such as 0o400. */
  mode: number;
}

/** How owners are read and changed: the system's way takes a root process. */
export interface Owners {
  of(file: FileHandle): Promise<Owner>;
  give(file: FileHandle, owner: Owner): Promise<void>;
}

/** The system's way. */
export const systemOwners: Owners = {
  of: (file) => file.stat(),
  give: (file, { uid, gid }) => file.chown(uid, gid),
};

const SET_GROUP_ID = 0o2000;
const MODE_BITS = 0o7777;
const LIMIT = 4096;

/**
 * Gives a file or directory its owner and mode, where they differ. Links are not followed: who may write to a volume could
 * otherwise have root give it the files of another.
 * @returns whether anything differed
 * @throws the system's error
 */
export async function mend(path: string, rights: Rights, owners: Owners): Promise<boolean> {
  const file = await openNoLink(path);
  try {
    const owner = await owners.of(file);
    const { mode } = await file.stat();
    if (owner.uid === rights.uid && owner.gid === rights.gid && (mode & MODE_BITS) === rights.mode)
      return false;
    await give(file, rights, owners);
    return true;
  } finally {
    await file.close();
  }
}

/**
 * Reads a small file as text; undefined when it is not there.
 * @throws the system's error, ELOOP for a link
 */
export async function readSmall(path: string): Promise<string | undefined> {
  return (await readSmallBytes(path))?.toString();
}

/** Like {@link readSmall}, as bytes. */
export async function readSmallBytes(path: string): Promise<Buffer | undefined> {
  let file: FileHandle;
  try {
    file = await openNoLink(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LIMIT), 0, LIMIT, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Puts a new file in its place in one step. It is on the disk when this returns, and nobody else could read it before.
 * @throws the system's error; nothing of it is left then
 */
export async function place(
  path: string,
  content: string | Uint8Array,
  rights: Rights,
  owners: Owners,
): Promise<void> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await give(file, rights, owners);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

function openNoLink(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

async function give(file: FileHandle, { mode, ...owner }: Rights, owners: Owners): Promise<void> {
  // The kernel drops the bit when a process sets it for a group that it is not in. A later change of the group leaves it.
  if (mode & SET_GROUP_ID) await owners.give(file, { ...owner, gid: process.getegid?.() ?? owner.gid });
  else await owners.give(file, owner);
  await file.chmod(mode);
  if (mode & SET_GROUP_ID) await owners.give(file, owner);
}
