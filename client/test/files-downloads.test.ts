import { RelayError, randomBytes } from '@relay/protocol';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DownloadsParts } from '../src/state/files/downloads.ts';
import { Downloads } from '../src/state/files/downloads.ts';
import type { FileMember } from './support/files-edge.ts';
import { contentOf, deliver, FileRelay, fileRecord, openMembers, testSink } from './support/files-edge.ts';

const CHUNK = 65_520;
/** Lets everything run that waits for no timer of its own. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('files on their way in', () => {
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

  /** A file that Alice sent to Bob, and how either may load it. */
  async function sent(content: Uint8Array<ArrayBuffer>) {
    const delivered = await deliver(alice, bob, relay, content);
    const { fileKey, hash, ids } = delivered;
    const file = { size: content.length, hash };
    return {
      ids,
      file,
      fileKey,
      received: fileRecord(alice.id, file, { fileKey }),
      own: fileRecord(alice.id, file, { sentTo: [{ member: bob.id, blob: ids[0] ?? '', fileKey }] }),
    };
  }

  function downloadsOf(member: FileMember, parts: Partial<DownloadsParts> = {}) {
    return new Downloads({ vault: member.vault, ...relay.readerOf(member.id), changed: () => {}, ...parts });
  }

  it.each([0, 1, CHUNK, CHUNK + 1, 130 * CHUNK + 5])(
    'of %i bytes are saved by who received and who sent them',
    async (size) => {
      const content = contentOf(size);
      const { received, own } = await sent(content);
      for (const [member, record] of [
        [bob, received],
        [alice, own],
      ] as const) {
        const downloads = downloadsOf(member);
        const sink = testSink();
        await downloads.save(record, sink);
        expect([sink.end, downloads.progressOf(record.hash)]).toEqual(['closed', { phase: 'saved' }]);
        expect(Buffer.compare(Buffer.concat(sink.written), content)).toBe(0);
        expect(Math.max(0, ...sink.written.map(({ length }) => length))).toBeLessThanOrEqual(64 * CHUNK);
      }
    },
  );

  it('are asked for 64 at a time, in any order, and no more before those are written', async () => {
    const { received } = await sent(contentOf(150 * CHUNK));
    const asked: number[] = [];
    let writing = 0;
    const { fetch } = relay.readerOf(bob.id);
    const downloads = downloadsOf(bob, {
      async *fetch(ids) {
        asked.push(ids.length);
        expect(writing).toBe(0);
        const blobs = [];
        for await (const blob of fetch(ids)) blobs.push(blob);
        yield* blobs.reverse();
      },
    });
    const sink = testSink();
    const { write } = sink;
    sink.write = async (bytes) => {
      writing++;
      await soon();
      await write(bytes);
      writing--;
    };
    await downloads.save(received, sink);
    expect([asked, sink.end]).toEqual([[64, 64, 22], 'closed']);
  });

  it('go on with what is missing when a stream is cut, once the relay is back', async () => {
    const content = contentOf(70 * CHUNK);
    const { received } = await sent(content);
    const asked: number[] = [];
    const { fetch } = relay.readerOf(bob.id);
    const downloads = downloadsOf(bob, {
      async *fetch(ids) {
        asked.push(ids.length);
        let served = 0;
        for await (const blob of fetch(ids)) {
          if (asked.length === 1 && ++served > 10) throw new RelayError('relay_unreachable');
          yield blob;
        }
      },
    });
    const sink = testSink();
    const saving = downloads.save(received, sink);
    await vi.waitFor(
      () => expect(downloads.progressOf(received.hash)).toEqual({ phase: 'paused', received: 0 }),
      { timeout: 10_000 },
    );
    downloads.again();
    await saving;
    expect(asked).toEqual([64, 54, 6]);
    expect(Buffer.compare(Buffer.concat(sink.written), content)).toBe(0);
  });

  it('try again by themselves where the relay only asked for patience', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { received } = await sent(contentOf(1));
    let attempts = 0;
    const { fetch } = relay.readerOf(bob.id);
    const downloads = downloadsOf(bob, {
      async *fetch(ids) {
        if (++attempts === 1) throw new RelayError('rate_limited', undefined, { retryAfter: 40 });
        yield* fetch(ids);
      },
    });
    const saving = downloads.save(received, testSink());
    await vi.waitFor(() => expect(downloads.progressOf(received.hash).phase).toBe('paused'), {
      timeout: 10_000,
    });
    vi.advanceTimersByTime(39_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(attempts).toBe(1);
    vi.advanceTimersByTime(1_001);
    await saving;
    expect(downloads.progressOf(received.hash)).toEqual({ phase: 'saved' });
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('are paused and resumed by hand, and then not by anything else', async () => {
    const { received } = await sent(contentOf(130 * CHUNK));
    const downloads: Downloads = downloadsOf(bob);
    const sink = testSink();
    const { write } = sink;
    sink.write = async (bytes) => {
      if (sink.written.length === 0) downloads.pause(received.hash);
      await write(bytes);
    };
    const saving = downloads.save(received, sink);
    await vi.waitFor(() => expect(sink.written).toHaveLength(1), { timeout: 10_000 });
    downloads.again();
    await soon();
    expect([sink.written.length, downloads.progressOf(received.hash).phase]).toEqual([1, 'paused']);
    downloads.resume(received.hash);
    await saving;
    expect([sink.written.length, sink.end]).toEqual([3, 'closed']);
  });

  it('stay paused by hand when a fault comes on top', async () => {
    const { received } = await sent(contentOf(1));
    let attempts = 0;
    const downloads: Downloads = downloadsOf(bob, {
      // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
      async *fetch() {
        attempts++;
        downloads.pause(received.hash);
        throw new RelayError('relay_unreachable');
      },
    });
    const sink = testSink();
    const saving = downloads.save(received, sink);
    await vi.waitFor(() => expect(downloads.progressOf(received.hash).phase).toBe('paused'), {
      timeout: 10_000,
    });
    await soon();
    downloads.again();
    await soon();
    expect([attempts, downloads.progressOf(received.hash).phase]).toEqual([1, 'paused']);
    await downloads.cancel(received.hash);
    await saving;
    expect(sink.end).toBe('aborted');
  });

  it('keep nothing when they are cancelled, also at the last moment', async () => {
    const { received } = await sent(contentOf(70 * CHUNK));
    const downloads: Downloads = downloadsOf(bob);
    const sink = testSink();
    let cancelled: Promise<void> | undefined;
    const { write } = sink;
    sink.write = async (bytes) => {
      await write(bytes);
      if (sink.written.length === 2) cancelled = downloads.cancel(received.hash);
    };
    await downloads.save(received, sink);
    await cancelled;
    expect([sink.end, downloads.progressOf(received.hash)]).toEqual(['aborted', { phase: 'remote' }]);
  });

  it('end with chunk_forged when a chunk was changed, and nothing of them is kept', async () => {
    const { received, ids } = await sent(contentOf(70 * CHUNK));
    const last = relay.blobs.get(ids.at(-1) ?? '')?.frame;
    if (last === undefined) throw new Error('not there');
    last[500] = (last[500] as number) ^ 1;
    const downloads = downloadsOf(bob);
    const sink = testSink();
    await downloads.save(received, sink);
    expect(sink.end).toBe('aborted');
    expect(downloads.progressOf(received.hash)).toMatchObject({ fault: { code: 'chunk_forged' } });
  });

  it('end with file_mismatch when the content is not what was announced', async () => {
    const { fileKey, file } = await sent(contentOf(2 * CHUNK));
    const record = fileRecord(alice.id, { ...file, hash: randomBytes(32) }, { fileKey });
    const downloads = downloadsOf(bob);
    const sink = testSink();
    await downloads.save(record, sink);
    expect(sink.end).toBe('aborted');
    expect(downloads.progressOf(record.hash)).toMatchObject({
      phase: 'failed',
      fault: { code: 'file_mismatch' },
    });
    await downloads.open(record);
    expect(downloads.progressOf(record.hash)).toMatchObject({ phase: 'failed' });
  });

  it('say that a part is gone, and are loaded from another recipient where they went to several', async () => {
    const content = contentOf(3 * CHUNK);
    const { received, ids, fileKey, file } = await sent(content);
    relay.blobs.delete(ids[1] ?? '');
    const downloads = downloadsOf(bob);
    await downloads.save(received, testSink());
    expect(downloads.progressOf(received.hash)).toMatchObject({
      fault: { code: 'file_mismatch', message: 'A part of this file is no longer at the relay.' },
    });

    const second = await deliver(alice, bob, relay, content);
    const line = { member: bob.id, blob: '' };
    const sentTo = [
      { ...line, fileKey },
      { ...line, fileKey: second.fileKey },
    ];
    const own = fileRecord(alice.id, file, { sentTo });
    const sink = testSink();
    await downloadsOf(alice).save(own, sink);
    expect(sink.end).toBe('closed');
  });

  it('tell in words when the disk does not take them', async () => {
    const { received } = await sent(contentOf(1));
    const downloads = downloadsOf(bob);
    const sink = testSink();
    sink.write = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    await downloads.save(received, sink);
    expect(sink.end).toBe('aborted');
    expect(downloads.progressOf(received.hash)).toMatchObject({ fault: { code: 'storage_unavailable' } });
  });
});
