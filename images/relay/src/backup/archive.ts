/**
 * What lies inside the seal of a backup: entries, one after the other, each read and written as a stream.
 *
 *     archive = "relay backup 1\n" ‖ entry … ‖ u16(0)
 *     entry   = u16(length of name) ‖ name (UTF-8) ‖ (u32(length) ‖ bytes) … ‖ u32(0)
 *
 * Numbers are big-endian. The last entry is `hashes`: JSON, for each entry before it its name, bytes and SHA-256 in hexadecimal.
 */
import { createHash } from 'node:crypto';

/** A stretch of the archive. */
export interface Entry {
  name: string;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** What an entry held. */
interface EntryHash {
  name: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** It is no archive, of another version, or damaged. Its message says which. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault';
}

const MAGIC = Buffer.from('relay backup 1\n');
const HASHES = 'hashes';
/** No name is longer. */
const MAX_NAME = 200;
/** No piece is written longer, nor read: memory has a bound whatever a file says. */
const MAX_PIECE = 1 << 20;

const u16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/**
 * Writes an archive at the pace of its reader.
 * @param entries in their order
 */
export async function* writeArchive(
  entries: AsyncIterable<Entry> | Iterable<Entry>,
): AsyncGenerator<Uint8Array> {
  yield MAGIC;
  const hashes: EntryHash[] = [];
  for await (const entry of entries) {
    const hash = createHash('sha256');
    let bytes = 0;
    yield* writeEntry(entry, (piece) => {
      hash.update(piece);
      bytes += piece.length;
    });
    hashes.push({ name: entry.name, bytes, sha256: hash.digest('hex') });
  }
  yield* writeEntry({ name: HASHES, content: [Buffer.from(JSON.stringify(hashes))] }, () => {});
  yield u16(0);
}

async function* writeEntry({ name, content }: Entry, take: (piece: Uint8Array) => void) {
  const bytes = Buffer.from(name);
  if (bytes.length === 0 || bytes.length > MAX_NAME) throw new TypeError('no name of an entry');
  yield u16(bytes.length);
  yield bytes;
  for await (const whole of content) {
    for (let at = 0; at < whole.length; at += MAX_PIECE) {
      const piece = whole.subarray(at, at + MAX_PIECE);
      take(piece);
      yield u32(piece.length);
      yield piece;
    }
  }
  yield u32(0);
}

/** Bytes of a stream, as many at a time as are asked for. */
class Source {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  /** @throws ArchiveFault when there are no more so many */
  async take(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let missing = count;
    for (;;) {
      const some = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(some.length);
      pieces.push(some);
      missing -= some.length;
      if (missing === 0) return pieces.length === 1 ? some : Buffer.concat(pieces);
      const next = await this.#pieces.next();
      if (next.done) throw new ArchiveFault('it ends too early.');
      this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
  }

  /** Reads to the end, so that whatever checks the stream has checked all of it. @throws ArchiveFault when there is more */
  async end(): Promise<void> {
    const next = await this.#pieces.next();
    if (this.#rest.length > 0 || !next.done) throw new ArchiveFault('something follows its end.');
  }
}

/**
 * Reads an archive. Each entry's content must be read before the next one is asked for; what is left of it is passed over. Hashes are compared at the end:
 * only when this ends without an error was everything as it was written.
 * @throws ArchiveFault, or whatever the stream throws
 */
export async function* readArchive(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ name: string; content: AsyncGenerator<Buffer> }> {
  const source = new Source(stream);
  if (!(await source.take(MAGIC.length)).equals(MAGIC)) {
    throw new ArchiveFault('it is no backup of a relay, or one of another version.');
  }
  const found: EntryHash[] = [];
  for (;;) {
    const length = (await source.take(2)).readUInt16BE();
    if (length === 0) throw new ArchiveFault('it has no hashes.');
    if (length > MAX_NAME) throw new ArchiveFault('a name in it is too long.');
    const name = (await source.take(length)).toString();
    const hash = createHash('sha256');
    let bytes = 0;
    const content = (async function* () {
      for (let piece = await nextPiece(source); piece !== undefined; piece = await nextPiece(source)) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    })();
    if (name === HASHES) {
      await compare(content, found);
      if ((await source.take(2)).readUInt16BE() !== 0)
        throw new ArchiveFault('something follows its hashes.');
      return source.end();
    }
    yield { name, content };
    for await (const _ of content);
    found.push({ name, bytes, sha256: hash.digest('hex') });
  }
}

async function nextPiece(source: Source): Promise<Buffer | undefined> {
  const length = (await source.take(4)).readUInt32BE();
  if (length > MAX_PIECE) throw new ArchiveFault('a piece of it is too long.');
  return length === 0 ? undefined : source.take(length);
}

async function compare(content: AsyncIterable<Buffer>, found: readonly EntryHash[]): Promise<void> {
  const text = await readText(content, MAX_PIECE);
  if (text !== JSON.stringify(found)) throw new ArchiveFault('what it holds is not what was written.');
}

/**
 * Reads a small entry as text.
 * @throws ArchiveFault when it has more than `limit` bytes
 */
export async function readText(content: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  return (await readSmallEntry(content, limit)).toString();
}

/** Reads a small entry. @throws ArchiveFault when it has more than `limit` bytes */
export async function readSmallEntry(content: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > limit) throw new ArchiveFault('an entry of it is too long.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
