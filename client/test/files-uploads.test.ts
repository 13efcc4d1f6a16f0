import { sha256 } from '@relay/protocol';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileMember } from './support/files-edge.ts';
import {
  CONVERSATION,
  contentOf,
  countingStore,
  FileRelay,
  openMembers,
  openPage,
  received,
} from './support/files-edge.ts';

const CHUNK = 65_520;

describe('files on their way out', () => {
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

  it.each([0, 1, CHUNK, CHUNK + 1, 2_000_000])(
    'of %i bytes reach a group, under keys of their own',
    async (size) => {
      const store = countingStore();
      const page = await openPage(alice, relay, store);
      const content = contentOf(size);
      page.uploads.setOnline(true);
      await page.begin(new Blob([content]), bob, carol);
      await page.until(() => page.finished.length);
      const [upload] = page.finished;
      if (upload === undefined) throw new Error('not finished');
      expect(upload).toMatchObject({ name: 'a file.bin', size, hash: await sha256(content) });
      const [first, second] = upload.keys;
      expect(first?.fileKey).not.toEqual(second?.fileKey);
      for (const member of [bob, carol]) {
        expect(relay.countOf(member.id)).toBe(Math.ceil(size / CHUNK));
        expect(Buffer.compare(await received(member, alice, relay, upload), content)).toBe(0);
      }
      await page.until(() => page.item() === undefined);
      expect([await store.frames(), await store.keys()]).toEqual([0, []]);
    },
  );

  it('leave six at a time over all uploads, each ticket shared by those that need it', async () => {
    let release = () => {};
    relay.refuse = (attempt) =>
      attempt <= 6 ? new Promise((resolve) => (release = chain(release, resolve))) : undefined;
    const page = await openPage(alice, relay, countingStore());
    page.uploads.setOnline(true);
    await page.begin(new Blob([contentOf(20 * CHUNK)]), bob);
    await page.begin(new Blob([contentOf(20 * CHUNK)]), bob);
    await page.until(() => relay.flying === 6);
    await new Promise((resolve) => setImmediate(resolve));
    expect(relay.flying).toBe(6);
    release();
    await page.until(() => page.finished.length === 2);
    expect(relay.mostFlying).toBe(6);
    expect(relay.tickets).toHaveLength(2);
  });

  it('wait as ciphertext while the relay is away, and need the original no longer', async () => {
    const store = countingStore(true);
    const page = await openPage(alice, relay, store);
    const content = contentOf(40 * CHUNK);
    await page.begin(new Blob([content]), bob);
    await page.until(() => page.item()?.phase === 'sending');
    expect([await store.frames(), relay.attempts]).toEqual([40, 0]);
    expect(page.item()).toMatchObject({ sent: 0, total: 40 * CHUNK });
    page.uploads.stop();

    const reloaded = await openPage(alice, relay, store);
    reloaded.uploads.setOnline(true);
    await reloaded.until(() => reloaded.finished.length);
    expect(Buffer.compare(await received(bob, alice, relay, reloaded.finished[0] as never), content)).toBe(0);
  });

  it.each([1, 2])(
    'never have more frames in memory than the window allows, for %i recipients',
    async (count) => {
      const store = countingStore();
      const page = await openPage(alice, relay, store);
      const content = contentOf(90 * CHUNK + 7);
      await page.begin(new Blob([content]), ...[bob, carol].slice(0, count));
      await page.until(() => store.most === 64);
      page.uploads.setOnline(true);
      await page.until(() => page.finished.length);
      expect(store.most).toBe(64);
      expect(Buffer.compare(await received(bob, alice, relay, page.finished[0] as never), content)).toBe(0);
    },
  );

  it('show how far they are, in bytes of all recipients', async () => {
    relay.refuse = (attempt) => (attempt > 3 ? new Promise(() => {}) : undefined);
    const page = await openPage(alice, relay, countingStore());
    page.uploads.setOnline(true);
    await page.begin(new Blob([contentOf(10 * CHUNK)]), bob, carol);
    await page.until(() => page.item()?.sent === 3 * CHUNK);
    expect(page.item()).toMatchObject({ total: 20 * CHUNK, phase: 'sending', media: 'other' });
    expect(page.item()).toBe(page.item());
  });

  it('stop when they are paused, stay paused over a reload, and go on', async () => {
    const store = countingStore(true);
    const page = await openPage(alice, relay, store);
    await page.begin(new Blob([contentOf(5 * CHUNK)]), bob);
    await page.until(() => page.item()?.phase === 'sending');
    page.uploads.pause(page.item()?.id ?? '');
    expect(page.item()?.phase).toBe('paused');
    page.uploads.setOnline(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(relay.attempts).toBe(0);
    page.uploads.stop();

    const reloaded = await openPage(alice, relay, store);
    reloaded.uploads.setOnline(true);
    await reloaded.until(() => reloaded.item()?.phase === 'paused');
    expect(relay.attempts).toBe(0);
    expect(await reloaded.uploads.resume(reloaded.item()?.id ?? '')).toBeUndefined();
    await reloaded.until(() => reloaded.finished.length);
  });

  it('leave nothing behind when they are cancelled, here or at the relay, whatever is under way', async () => {
    const store = countingStore();
    let release = () => {};
    relay.refuse = (attempt) =>
      attempt > 4 ? new Promise((resolve) => (release = chain(release, resolve))) : undefined;
    const page = await openPage(alice, relay, store);
    page.uploads.setOnline(true);
    await page.begin(new Blob([contentOf(100 * CHUNK)]), bob, carol);
    await page.until(() => relay.blobs.size === 4 && relay.flying === 6);
    const cancelled = page.uploads.cancel(page.item()?.id ?? '');
    expect(page.item()).toBeUndefined();
    release();
    await cancelled;
    expect(relay.attempts).toBe(10);
    expect([relay.blobs.size, await store.frames(), await store.keys()]).toEqual([0, 0, []]);
    expect(page.finished).toEqual([]);
  });

  it('do not come back when they are cancelled as they begin', async () => {
    const store = countingStore();
    const page = await openPage(alice, relay, store);
    await page.begin(new Blob([contentOf(100 * CHUNK)]), bob);
    await page.uploads.cancel(page.item()?.id ?? '');
    await new Promise((resolve) => setImmediate(resolve));
    expect([await store.frames(), await store.keys(), page.failures]).toEqual([0, [], []]);
  });

  it('have names that a record can carry', async () => {
    const page = await openPage(alice, relay, countingStore());
    const names = ['', `${'ü'.repeat(300)}.png`, '/home/me/secret plan.txt', 'gpj\u202egnp.exe'];
    for (const name of names)
      await page.uploads.begin({
        conversation: CONVERSATION,
        recipients: [bob.id],
        file: new Blob(),
        name,
        type: 'x'.repeat(200),
      });
    await page.until(() => page.finished.length === 4);
    const sent = page.finished.map(({ name }) => name);
    expect(sent).toContain('file');
    expect(sent).toContain(`${'ü'.repeat(125)}.png`);
    expect(sent).toContain('secret plan.txt');
    expect(sent).toContain('gpjgnp.exe');
    expect(page.finished.map(({ type }) => type)).toEqual(['', '', '', '']);
  });
});

function chain(first: () => void, then: () => void): () => void {
  return () => {
    first();
    then();
  };
}
