import { RelayError } from '@relay/protocol';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileMember } from './support/files-edge.ts';
import {
  contentOf,
  countingStore,
  FileRelay,
  openMembers,
  openPage,
  received,
} from './support/files-edge.ts';
import { HOUR } from './support/records.ts';

const CHUNK = 65_520;

describe('files that cannot leave', () => {
  let alice: FileMember;
  let bob: FileMember;
  let carol: FileMember;
  let relay: FileRelay;
  beforeAll(async () => {
    [alice, bob, carol] = (await openMembers(3)) as [FileMember, FileMember, FileMember];
  });
  beforeEach(() => {
    relay = new FileRelay();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pass = (milliseconds: number) => {
    relay.now += milliseconds;
    vi.advanceTimersByTime(milliseconds);
  };

  it('wait out a fault that passes, with the reason shown, and let nobody wait for another', async () => {
    let isFull = true;
    relay.refuse = (_attempt, recipient) => {
      if (isFull && recipient === bob.id) throw new RelayError('mailbox_full', undefined, { retryAfter: 60 });
    };
    const page = await openPage(alice, relay, countingStore());
    page.uploads.setOnline(true);
    await page.begin(new Blob([contentOf(20 * CHUNK)]), bob, carol);
    await page.until(() => relay.countOf(carol.id) === 20);
    isFull = false;
    pass(59_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(relay.countOf(bob.id)).toBe(0);
    expect(page.item()).toMatchObject({ phase: 'sending' });
    pass(2_000);
    await page.until(() => page.finished.length);
    expect(relay.countOf(bob.id)).toBe(20);
  });

  it('show why they cannot leave', async () => {
    relay.refuse = () => {
      throw new RelayError('mailbox_full');
    };
    const page = await openPage(alice, relay, countingStore());
    page.uploads.setOnline(true);
    await page.begin(new Blob([contentOf(1)]), bob);
    await page.until(() => page.item()?.fault?.code === 'mailbox_full');
    expect(page.item()?.phase).toBe('sending');
  });

  it.each(['recipient_unknown', 'bad_request', 'payload_too_large'] as const)(
    'fail with %s, over a reload too, and are tried again when that is asked',
    async (code) => {
      relay.refuse = () => {
        throw new RelayError(code);
      };
      const store = countingStore(true);
      const page = await openPage(alice, relay, store);
      page.uploads.setOnline(true);
      await page.begin(new Blob([contentOf(CHUNK)]), bob);
      await page.until(() => page.item()?.fault?.code === code && page.item()?.phase === 'failed');
      await page.until(() => relay.flying === 0);
      // It is shown before it is kept, and a page that goes in between tries once more.
      await vi.waitFor(async () => {
        const kept = await openPage(alice, relay, store);
        expect(kept.item()?.phase).toBe('failed');
        kept.uploads.stop();
      });
      page.uploads.stop();
      const { attempts } = relay;

      const reloaded = await openPage(alice, relay, store);
      reloaded.uploads.setOnline(true);
      expect(reloaded.item()).toMatchObject({ phase: 'failed', fault: { code } });
      expect(relay.attempts).toBe(attempts);
      relay.refuse = () => {};
      await reloaded.uploads.resume(reloaded.item()?.id ?? '');
      await reloaded.until(() => reloaded.finished.length);
    },
  );

  it.each(['blob_conflict', 'record_time'] as const)(
    'go anew under other keys after %s, and what had arrived is deleted',
    async (code) => {
      const store = countingStore(true);
      const page = await openPage(alice, relay, store);
      const content = contentOf(10 * CHUNK);
      relay.refuse = (attempt) => {
        if (attempt === 4 && code === 'blob_conflict') throw new RelayError(code);
        if (attempt === 4) {
          relay.now += 24 * HOUR + 1;
          throw new RelayError('internal');
        }
      };
      page.uploads.setOnline(true);
      await page.begin(new Blob([content]), bob);
      await page.until(() => {
        pass(5_001);
        return page.item()?.phase === 'failed';
      });
      expect(page.item()?.fault?.code).toBe(code);
      const first = new Set(relay.blobs.keys());
      expect(first.size).toBeGreaterThan(0);
      expect(await page.uploads.resume(page.item()?.id ?? '')).toBeUndefined();
      await page.until(() => page.finished.length);
      expect(Buffer.compare(await received(bob, alice, relay, page.finished[0] as never), content)).toBe(0);
      await page.until(() => relay.blobs.size === 10);
      for (const id of relay.blobs.keys()) expect(first.has(id)).toBe(false);
      expect([await store.frames(), await store.keys()]).toEqual([0, []]);
    },
  );

  it('are held back while a newer roster is not here', async () => {
    const page = await openPage(alice, relay, countingStore());
    page.uploads.setHeld(true);
    page.uploads.setOnline(true);
    await page.begin(new Blob([contentOf(1)]), bob);
    await page.until(() => page.item()?.phase === 'sending');
    expect(relay.attempts).toBe(0);
    page.uploads.setHeld(false);
    await page.until(() => page.finished.length);
  });

  it('try again to send their message, and only that', async () => {
    let faults = 1;
    const store = countingStore();
    const page = await openPage(alice, relay, store, {
      async finished({ rowKey }) {
        if (faults-- > 0) throw new RelayError('unavailable');
        await store.apply({ remove: [rowKey] });
        page.finished.push({ rowKey } as never);
      },
    });
    page.uploads.setOnline(true);
    await page.begin(new Blob([contentOf(1)]), bob);
    await page.until(() => page.item()?.fault?.code === 'unavailable');
    pass(5_001);
    await page.until(() => page.finished.length);
    expect(relay.attempts).toBe(1);
  });
});
