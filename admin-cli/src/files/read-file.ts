import type { Readable } from 'node:stream';
import type { Bytes } from '@relay/protocol/wire';
import { UserFault } from '../faults.ts';

/** The name that stands for standard input. */
export const STDIN = '-';

/** No identity file is longer, whatever it is wrapped in; in bytes. */
export const IDENTITY_LIMIT = 1_048_576;

/** No allowed-keys-seed.json is longer; in bytes. */
export const ALLOWLIST_LIMIT = 65_536;

/**
 * Reads a small file, or standard input for `-`.
 * @param limit refuses more bytes than this, so that a wrong path (a disk, a film) does not fill memory
 * @throws UserFault `file_unusable` over the limit; the system's own error, which `faults.ts` knows
 */
export async function readSmallFile(
  path: string,
  limit: number,
  stdin: Readable = process.stdin,
): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of path === STDIN ? stdin : await openedFile(path)) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > limit) {
      throw new UserFault('file_unusable', `${path} is longer than ${limit} bytes: it is another file.`);
    }
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/**
 * Like {@link readSmallFile}, as text: UTF-8, without a byte order mark.
 * @throws UserFault `file_unusable` for other encodings
 */
export async function readSmallText(path: string, limit: number, stdin?: Readable): Promise<string> {
  const bytes = await readSmallFile(path, limit, stdin);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserFault('file_unusable', `${path} is not a text in UTF-8.`);
  }
}

/**
 * Opens a file to be read as a stream.
 * @throws UserFault `file_unusable` for a directory; the system's own error
 */
export async function openedFile(path: string): Promise<Readable> {
  const { open } = await import('node:fs/promises');
  const file = await open(path);
  if ((await file.stat()).isDirectory()) {
    await file.close();
    throw new UserFault('file_unusable', `${path} is a directory, not a file.`);
  }
  return file.createReadStream();
}
