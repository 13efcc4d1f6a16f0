import { RelayError } from '@relay/protocol';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VaultClient } from '../src/crypto/spawn.ts';
import { Vault } from '../src/crypto/vault.ts';
import { Downloads } from '../src/state/files/downloads.ts';
import type { FileMember } from './support/files-edge.ts';
import {
  CONVERSATION,
  contentOf,
  countingStore,
  FileRelay,
  fileRecord,
  openMembers,
  openPage,
  received,
  testSink,
} from './support/files-edge.ts';
import { rosterMaker } from './support/rosters.ts';

const CHUNK = 65_520;

describe('files whose sending was cut', () => {
  let alice: FileMember;
  let bob: FileMember;
  let carol: FileMember;
  let relay: FileRelay;
  beforeAll(async () => {
    [alice, bob, carol] = (await openMembers(3)) as [FileMember, FileMember, FileMember];
  });
  beforeEach(() => {
    relay = new FileRelay();
  });

  /** Begins to send, and ends the page when the relay has so many blobs of a file of 80 chunks. */
  async function cut(content: Uint8Array<ArrayBuffer>, after: number) {
    const store = countingStore();
    const page = await openPage(alice, relay, store);
    relay.refuse = () => {
      if (relay.blobs.size >= after) {
        page.uploads.stop();
        throw new RelayError('relay_unreachable');
      }
    };
    page.uploads.setOnline(true);
    await page.begin(new Blob([content]), bob);
    await page.until(() => page.uploads.itemsOf(CONVERSATION)[0] === undefined || relay.blobs.size >= after);
    page.uploads.stop();
    await page.until(() => relay.flying === 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    relay.refuse = () => {};
    const reloaded = await openPage(alice, relay, store);
    await reloaded.until(() => reloaded.item() !== undefined);
    return { store, reloaded, id: reloaded.item()?.id ?? '' };
  }

  it('go on where they stopped with the same file, and only with that', async () => {
    const content = contentOf(80 * CHUNK + 99);
    const { store, reloaded, id } = await cut(content, 20);
    reloaded.uploads.setOnline(true);
    await reloaded.until(() => reloaded.item()?.phase === 'unfinished' && relay.flying === 0);

    const changed = content.slice();
    changed[5 * CHUNK] = (changed[5 * CHUNK] as number) ^ 1;
    for (const other of [changed, content.slice(1), new Uint8Array()]) {
      const fault = await reloaded.uploads.resume(id, new Blob([other]));
      expect(fault?.code).toBe('file_changed');
      expect(reloaded.item()?.phase).toBe('unfinished');
    }
    expect(await reloaded.uploads.resume(id, new Blob([content]))).toBeUndefined();
    await reloaded.until(() => reloaded.finished.length);
    expect(relay.countOf(bob.id)).toBe(81);
    expect(Buffer.compare(await received(bob, alice, relay, reloaded.finished[0] as never), content)).toBe(0);
    expect([await store.frames(), reloaded.failures]).toEqual([0, []]);
  });

  it('take the file while their last frames still leave', async () => {
    const content = contentOf(80 * CHUNK);
    const { reloaded, id } = await cut(content, 1);
    let release = () => {};
    relay.refuse = () => {
      const before = release;
      return new Promise((resolve) => {
        release = () => {
          before();
          resolve();
        };
      });
    };
    reloaded.uploads.setOnline(true);
    await reloaded.until(() => relay.flying > 0);
    expect(await reloaded.uploads.resume(id, new Blob([content]))).toBeUndefined();
    relay.refuse = () => {};
    release();
    await reloaded.until(() => reloaded.finished.length);
    expect(Buffer.compare(await received(bob, alice, relay, reloaded.finished[0] as never), content)).toBe(0);
  });

  it('take another end of a file only where no key has sealed it', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 70 * CHUNK - 1 }),
      async (after, at) => {
        relay = new FileRelay();
        const content = new Uint8Array(70 * CHUNK).fill(after);
        const { reloaded, id, store } = await cut(content, after);
        // Whatever of the file is in the relay or the store was sealed before.
        const ids = new Set([...relay.blobs.keys(), ...(await store.frameKeys())]);
        const changed = content.slice();
        changed[at] = (changed[at] as number) ^ 1;
        const fault = await reloaded.uploads.resume(id, new Blob([changed]));
        expect(fault?.code).toBe(at < ids.size * CHUNK ? 'file_changed' : undefined);
        if (fault !== undefined) await reloaded.uploads.resume(id, new Blob([content]));
        reloaded.uploads.setOnline(true);
        await reloaded.until(() => reloaded.finished.length);
        const expected = fault === undefined ? changed : content;
        expect(
          Buffer.compare(await received(bob, alice, relay, reloaded.finished[0] as never), expected),
        ).toBe(0);
      },
    );
    await fc.assert(property, { numRuns: 5 });
  }, 60_000);

  it('become unfinished when the original cannot be read any more', async () => {
    const page = await openPage(alice, relay, countingStore());
    const content = contentOf(80 * CHUNK);
    const file = new Blob([content]);
    const broken = new Proxy(file, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (name === 'slice')
          return (from: number, to: number) => {
            if (from >= 40 * CHUNK) throw new DOMException('changed on disk', 'NotReadableError');
            return target.slice(from, to);
          };
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    page.uploads.setOnline(true);
    await page.begin(broken, bob);
    await page.until(() => page.item()?.phase === 'unfinished');
    expect(page.item()?.fault?.code).toBe('file_changed');
    expect(await page.uploads.resume(page.item()?.id ?? '', file)).toBeUndefined();
    await page.until(() => page.finished.length);
    expect(Buffer.compare(await received(bob, alice, relay, page.finished[0] as never), content)).toBe(0);
  });

  it('wait for room on a machine that has little', async () => {
    const store = countingStore(true);
    const { apply } = store;
    let refused = false;
    store.apply = async (change) => {
      if ((await store.frames()) + (change.putFrames?.length ?? 0) > 40) {
        refused = true;
        throw new DOMException('full', 'QuotaExceededError');
      }
      await apply(change);
    };
    const page = await openPage(alice, relay, store);
    const content = contentOf(100 * CHUNK);
    await page.begin(new Blob([content]), bob);
    await page.until(() => refused);
    page.uploads.setOnline(true);
    await page.until(() => page.finished.length);
    expect(page.failures).toEqual([]);
    expect(Buffer.compare(await received(bob, alice, relay, page.finished[0] as never), content)).toBe(0);
  });

  it('fail where there is no room at all, and go on when there is', async () => {
    const store = countingStore(true);
    const { apply } = store;
    store.apply = async (change) => {
      if ((change.putFrames?.length ?? 0) > 0) throw new DOMException('full', 'QuotaExceededError');
      await apply(change);
    };
    const page = await openPage(alice, relay, store);
    const content = contentOf(20 * CHUNK);
    page.uploads.setOnline(true);
    await page.begin(new Blob([content]), bob);
    await page.until(() => page.item()?.phase === 'failed');
    expect(page.item()?.fault?.code).toBe('storage_unavailable');
    expect(relay.attempts).toBe(0);
    store.apply = apply;
    await page.uploads.resume(page.item()?.id ?? '');
    await page.until(() => page.finished.length);
    expect(Buffer.compare(await received(bob, alice, relay, page.finished[0] as never), content)).toBe(0);
  });

  it('are worked on by one page at a time, and finished once', async () => {
    const store = countingStore(true);
    const first = await openPage(alice, relay, store);
    await first.begin(new Blob([contentOf(20 * CHUNK)]), bob);
    await first.until(() => first.item()?.phase === 'sending');
    const second = await openPage(alice, relay, store);
    second.uploads.setOnline(true);
    first.uploads.setOnline(true);
    await first.until(() => first.finished.length);
    await second.until(() => second.item() === undefined);
    expect([relay.attempts, first.finished.length, second.finished.length]).toEqual([20, 1, 0]);
  });

  it('are taken over by the next page when the first one ends', async () => {
    const store = countingStore(true);
    const first = await openPage(alice, relay, store);
    const content = contentOf(20 * CHUNK);
    await first.begin(new Blob([content]), bob);
    await first.until(() => first.item()?.phase === 'sending');
    const second = await openPage(alice, relay, store);
    relay.refuse = () => {
      if (relay.blobs.size >= 10) {
        first.uploads.stop();
        throw new RelayError('relay_unreachable');
      }
    };
    first.uploads.setOnline(true);
    await first.until(() => relay.blobs.size >= 10 && relay.flying === 0);
    relay.refuse = () => {};
    second.uploads.setOnline(true);
    await second.until(() => second.finished.length);
    expect(first.finished).toEqual([]);
    expect(Buffer.compare(await received(bob, alice, relay, second.finished[0] as never), content)).toBe(0);
  });

  it('end on every page when they are cancelled on one', async () => {
    const store = countingStore(true);
    const first = await openPage(alice, relay, store);
    await first.begin(new Blob([contentOf(20 * CHUNK)]), bob);
    await first.until(() => first.item()?.phase === 'sending');
    const second = await openPage(alice, relay, store);
    await second.uploads.cancel(second.item()?.id ?? '');
    first.uploads.setOnline(true);
    await first.until(() => first.item() === undefined);
    expect([relay.attempts, await store.frames(), await store.keys()]).toEqual([0, 0, []]);
    expect([first.finished, first.failures]).toEqual([[], []]);
  });

  it('keep to their keys when a roster comes in between, and can be read by who has it too', async () => {
    const maker = await rosterMaker('Alice', 'Bob');
    const [ann, ben] = await Promise.all(
      maker.files.map(async (file): Promise<FileMember> => {
        const vault = new Vault();
        const { self } = await vault.open(file.slice());
        return { vault: vault as unknown as VaultClient, id: self };
      }),
    );
    if (ann === undefined || ben === undefined) throw new Error('no members');
    const content = contentOf(80 * CHUNK);
    const store = countingStore();
    const page = await openPage(ann, relay, store);
    await page.begin(new Blob([content]), ben);
    await page.until(() => store.most === 64);
    page.uploads.stop();

    const update = await maker.update(2, maker.lines);
    await Promise.all([ann.vault.acceptRoster(update.bytes), ben.vault.acceptRoster(update.bytes)]);
    const reloaded = await openPage(ann, relay, store, { rosterSerial: () => 2 });
    reloaded.uploads.setOnline(true);
    await reloaded.until(() => reloaded.item()?.phase === 'unfinished');
    await reloaded.uploads.resume(reloaded.item()?.id ?? '', new Blob([content]));
    await reloaded.until(() => reloaded.finished.length);
    const [upload] = reloaded.finished;
    if (upload === undefined) throw new Error('not finished');
    const downloads = new Downloads({ vault: ben.vault, ...relay.readerOf(ben.id), changed: () => {} });
    const sink = testSink();
    await downloads.save(fileRecord(ann.id, upload, { fileKey: upload.keys[0]?.fileKey }), sink);
    expect(sink.end).toBe('closed');
    expect(Buffer.concat(sink.written).equals(Buffer.from(content))).toBe(true);
  });

  it('are left alone in the store where they cannot be read', async () => {
    const store = countingStore(true);
    const page = await openPage(carol, relay, store);
    await page.begin(new Blob([contentOf(1)]), bob);
    await page.until(() => page.item()?.phase === 'sending');
    page.uploads.stop();
    const other = await openPage(alice, relay, store);
    expect(other.item()).toBeUndefined();
    expect([(await store.keys()).length, await store.frames(), other.failures]).toEqual([1, 1, []]);
  });
});
