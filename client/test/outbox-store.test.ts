import 'fake-indexeddb/auto';
import { generateCircle, randomBytes, utf8, writeIdentityFile } from '@relay/protocol';
import { describe, expect, it, vi } from 'vitest';
import { Vault } from '../src/crypto/vault.ts';
import { decodeOutboxItem, encodeOutboxItem } from '../src/state/outbox-item.ts';
import { indexedOutboxStore } from '../src/storage/indexed-outbox-store.ts';
import type { OutboxStore } from '../src/storage/outbox-store.ts';
import { memoryOutboxStore } from '../src/storage/outbox-store.ts';
import { BOB, item } from './support/outbox-edge.ts';

let names = 0;
const kinds: [string, () => Promise<OutboxStore>][] = [
  ['memory', async () => memoryOutboxStore()],
  ['IndexedDB', () => indexedOutboxStore(`test-${++names}`)],
];

describe.each(kinds)('a store of rows in %s', (_, open) => {
  const row = (key: string, ...bytes: number[]) => ({ key, sealed: Uint8Array.from(bytes) });

  it('gives what was put, until it is removed', async () => {
    const store = await open();
    expect(await store.keys()).toEqual([]);
    await store.apply({ put: [row('a', 1, 2), row('b')] });
    expect((await store.keys()).toSorted()).toEqual(['a', 'b']);
    expect(await store.get('a')).toEqual(Uint8Array.of(1, 2));
    expect(await store.get('b')).toEqual(new Uint8Array());
    expect(await store.get('c')).toBeUndefined();
    await store.apply({ remove: ['a', 'c'] });
    expect(await store.keys()).toEqual(['b']);
    expect(await store.get('a')).toBeUndefined();
  });

  it('puts in place of an earlier row, and after removing in the same step', async () => {
    const store = await open();
    await store.apply({ put: [row('a', 1)] });
    await store.apply({ put: [row('a', 2)] });
    expect(await store.get('a')).toEqual(Uint8Array.of(2));
    await store.apply({ put: [row('a', 3), row('b', 4)], remove: ['a'] });
    expect([await store.get('a'), await store.get('b')]).toEqual([Uint8Array.of(3), Uint8Array.of(4)]);
  });

  it('keeps a copy: neither side can change the bytes of the other', async () => {
    const store = await open();
    const given = row('a', 1);
    await store.apply({ put: [given] });
    given.sealed[0] = 9;
    const taken = await store.get('a');
    taken?.fill(7);
    expect(await store.get('a')).toEqual(Uint8Array.of(1));
  });

  it('takes changes side by side, in the order they were asked for', async () => {
    const store = await open();
    await Promise.all([
      store.apply({ put: [row('a', 1)] }),
      store.apply({ remove: ['a'] }),
      store.apply({ put: [row('a', 2)] }),
    ]);
    expect(await store.get('a')).toEqual(Uint8Array.of(2));
  });

  it('takes an empty change', async () => {
    await expect((await open()).apply({})).resolves.toBeUndefined();
  });
});

describe('a store in IndexedDB', () => {
  it('is there again after it was closed, apart from other members’ stores', async () => {
    const first = await indexedOutboxStore('one');
    await first.apply({ put: [{ key: 'a', sealed: Uint8Array.of(1) }] });
    first.close();
    await expect(first.get('a')).rejects.toThrow();
    expect(await (await indexedOutboxStore('one')).get('a')).toEqual(Uint8Array.of(1));
    expect(await (await indexedOutboxStore('two')).keys()).toEqual([]);
  });

  it('keeps all of a change or nothing', async () => {
    const store = await indexedOutboxStore('atomic');
    await store.apply({ put: [{ key: 'a', sealed: Uint8Array.of(1) }] });
    const bad = { key: 'b', sealed: (() => {}) as unknown as Uint8Array };
    await expect(store.apply({ remove: ['a'], put: [bad] })).rejects.toThrow();
    expect(await store.keys()).toEqual(['a']);
  });

  it('says storage_unavailable where the browser keeps nothing', async () => {
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    await expect(indexedOutboxStore('x')).rejects.toMatchObject({ code: 'storage_unavailable' });
    open.mockRestore();
  });

  it('holds nothing that can be read without the identity', async () => {
    const circle = await generateCircle(['Alice', 'Bob']);
    const [alice, bob] = await Promise.all(
      circle.identities.map(async (identity) => {
        const vault = new Vault();
        await vault.open(await writeIdentityFile(identity));
        return vault;
      }),
    );
    const secret = utf8('frame of a well known text');
    const one = { ...item(1, { frame: secret }), order: 1, failed: undefined };
    const store = await indexedOutboxStore('sealed');
    const sealed = (await alice?.sealLocal(encodeOutboxItem(one))) as Uint8Array;
    await store.apply({ put: [{ key: one.id, sealed }] });
    const kept = Buffer.from((await store.get(one.id)) as Uint8Array);
    for (const plain of [secret, Buffer.from(BOB, 'hex'), utf8('message'), utf8('recipient')])
      expect(kept.includes(Buffer.from(plain))).toBe(false);
    expect(decodeOutboxItem((await alice?.openLocal(kept)) as Uint8Array)).toEqual(one);
    await expect(bob?.openLocal(kept)).rejects.toThrow();
    await expect(alice?.openLocal(randomBytes(kept.length))).rejects.toThrow();
  });
});
