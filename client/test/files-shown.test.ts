import { randomBytes } from '@relay/protocol';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Downloads } from '../src/state/files/downloads.ts';
import type { FileMember } from './support/files-edge.ts';
import { contentOf, deliver, FileRelay, fileRecord, openMembers, testSink } from './support/files-edge.ts';

const CHUNK = 65_520;
/** Signature and first header of a PNG. */
const PNG = Uint8Array.of(
  0x89,
  0x50,
  0x4e,
  0x47,
  0x0d,
  0x0a,
  0x1a,
  0x0a,
  0,
  0,
  0,
  13,
  0x49,
  0x48,
  0x44,
  0x52,
);

describe('files that are shown', () => {
  let alice: FileMember;
  let bob: FileMember;
  let relay: FileRelay;
  beforeAll(async () => {
    [alice, bob] = (await openMembers(2)) as [FileMember, FileMember];
  });
  beforeEach(() => {
    relay = new FileRelay();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** A file that Alice sent to Bob, as Bob has it. */
  async function sent(content: Uint8Array<ArrayBuffer>, name = 'a file.bin') {
    const { fileKey, hash } = await deliver(alice, bob, relay, content);
    return fileRecord(alice.id, { size: content.length, hash, name }, { fileKey });
  }

  const downloadsOf = (member: FileMember) =>
    new Downloads({ vault: member.vault, ...relay.readerOf(member.id), changed: () => {} });

  it('are shown from memory under a type of their content, and saved from there while they are shown', async () => {
    const content = new Uint8Array(80 * CHUNK);
    content.set(PNG);
    const received = await sent(content);
    const made = vi.spyOn(URL, 'createObjectURL');
    const gone = vi.spyOn(URL, 'revokeObjectURL');
    const downloads = downloadsOf(bob);
    await downloads.open(received);
    const progress = downloads.progressOf(received.hash);
    expect(progress).toEqual({ phase: 'ready', url: expect.stringMatching(/^blob:/) });
    expect(made.mock.calls.map(([blob]) => (blob as Blob).type)).toEqual(['image/png']);
    relay.blobs.clear();
    const sink = testSink();
    await downloads.save(received, sink);
    expect([sink.end, downloads.progressOf(received.hash)]).toEqual(['closed', progress]);
    expect(Buffer.compare(Buffer.concat(sink.written), content)).toBe(0);
    expect(gone).not.toHaveBeenCalled();
    downloads.forget(received.hash);
    expect(gone).toHaveBeenCalledTimes(1);
    expect(downloads.progressOf(received.hash)).toEqual({ phase: 'remote' });
  });

  it('are not shown where they could act, whatever their sender calls them', async () => {
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
    const record = await sent(svg, 'picture.png');
    const downloads = downloadsOf(bob);
    await downloads.open(record);
    expect(downloads.progressOf(record.hash)).toEqual({ phase: 'ready' });
  });

  it('are too large to be shown from 64 MiB on', async () => {
    const file = { size: 64 * 1_024 * 1_024 + 1, hash: randomBytes(32) };
    const record = fileRecord(alice.id, file, { fileKey: randomBytes(32) });
    const downloads = downloadsOf(bob);
    await downloads.open(record);
    expect(downloads.progressOf(record.hash)).toMatchObject({
      phase: 'failed',
      fault: { code: 'file_too_large' },
    });
  });

  it('end when the page does, and leave nothing in memory', async () => {
    const received = await sent(PNG.slice());
    const other = await sent(contentOf(70 * CHUNK));
    const gone = vi.spyOn(URL, 'revokeObjectURL');
    const downloads = downloadsOf(bob);
    await downloads.open(received);
    const sink = testSink();
    const saving = downloads.save(other, sink);
    downloads.stop();
    await saving;
    expect([gone.mock.calls.length, sink.end]).toEqual([1, 'aborted']);
  });
});
