import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArchiveFault, readArchive, readSmallEntry, writeArchive } from '../src/backup/archive.ts';

type Entries = { name: string; bytes: Uint8Array }[];

async function written(entries: Entries): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const list = entries.map(({ name, bytes }) => ({ name, content: [bytes] }));
  for await (const piece of writeArchive(list)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Reads it in pieces of that many bytes. */
async function read(archive: Uint8Array, size: number): Promise<Entries> {
  const found: Entries = [];
  async function* pieces() {
    for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
  }
  for await (const { name, content } of readArchive(pieces()))
    found.push({ name, bytes: new Uint8Array(await readSmallEntry(content, 1 << 24)) });
  return found;
}

const entries = fc.array(
  fc.record({
    name: fc.stringMatching(/^[a-z/]{1,20}$/).filter((name) => name !== 'hashes'),
    bytes: fc.uint8Array({ maxLength: 300 }),
  }),
  { maxLength: 5 },
);

describe('an archive', () => {
  it('is read as it was written, however its bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 400 }), async (list, size) => {
        expect(await read(await written(list), size)).toEqual(list);
      }),
    );
  });

  it('carries entries of any length in pieces', async () => {
    const bytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
    const [entry] = await read(await written([{ name: 'long', bytes }]), 65_536);
    expect(entry?.bytes.length).toBe(bytes.length);
    expect(Buffer.compare(entry?.bytes as Uint8Array, bytes)).toBe(0);
  });

  it('that was changed, cut off or made longer anywhere is refused', async () => {
    const whole = await written([
      { name: 'one', bytes: Uint8Array.of(1, 2, 3) },
      { name: 'two', bytes: new Uint8Array(40) },
    ]);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(read(changed, 50), `byte ${at}`).rejects.toThrow(ArchiveFault);
      await expect(read(whole.subarray(0, at), 50), `cut at ${at}`).rejects.toThrow(ArchiveFault);
    }
    await expect(read(Buffer.concat([whole, Buffer.of(0)]), 50)).rejects.toThrow(ArchiveFault);
  });

  it('takes no more memory than a piece for what claims to be longer', async () => {
    const head = Buffer.from('relay backup 1\n\0\x01a\xff\xff\xff\xff', 'latin1');
    await expect(read(head, 10)).rejects.toThrow(ArchiveFault);
  });
});
