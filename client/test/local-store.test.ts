import 'fake-indexeddb/auto';
import { generateCircle, randomBytes, utf8, writeIdentityFile } from '@relay/protocol';
import { describe, expect, it, vi } from 'vitest';
import { Vault } from '../src/crypto/vault.ts';
import type { Letter } from '../src/state/outbox/letter.ts';
import { decodeLetter, encodeLetter } from '../src/state/outbox/letter.ts';
import { indexedLocalStore } from '../src/storage/indexed-local-store.ts';
import type { LocalStore } from '../src/storage/local-store.ts';
import { memoryLocalStore } from '../src/storage/local-store.ts';
import { BOB, hashOf, idOf } from './support/outbox-edge.ts';

let names = 0;
const kinds: [string, boolean, () => Promise<LocalStore>][] = [
  ['memory', false, async () => memoryLocalStore()],
  ['IndexedDB', true, () => indexedLocalStore(`test-${++names}`)],
];
const entry = (key: string, ...bytes: number[]) => ({ key, bytes: Uint8Array.from(bytes) });
const one = Uint8Array.of(1);

describe.each(kinds)('a store in %s', (_, isKept, open) => {
  const places = [
    {
      name: 'rows',
      keys: (store: LocalStore) => store.keys(),
      get: (store: LocalStore, key: string) => store.get(key),
      put: (...put: ReturnType<typeof entry>[]) => ({ put }),
      remove: (...remove: string[]) => ({ remove }),
    },
    {
      name: 'frames',
      keys: (store: LocalStore) => store.frameKeys(),
      get: (store: LocalStore, key: string) => store.frame(key),
      put: (...putFrames: ReturnType<typeof entry>[]) => ({ putFrames }),
      remove: (...removeFrames: string[]) => ({ removeFrames }),
    },
  ];

  describe.each(places)('$name', ({ keys, get, put, remove }) => {
    it('are there from when they were put until they are removed', async () => {
      const store = await open();
      expect(await keys(store)).toEqual([]);
      await store.apply(put(entry('a', 1, 2), entry('b')));
      expect((await keys(store)).toSorted()).toEqual(['a', 'b']);
      expect(await get(store, 'a')).toEqual(Uint8Array.of(1, 2));
      expect(await get(store, 'b')).toEqual(new Uint8Array());
      expect(await get(store, 'c')).toBeUndefined();
      await store.apply(remove('a', 'c'));
      expect(await keys(store)).toEqual(['b']);
      expect(await get(store, 'a')).toBeUndefined();
    });

    it('are put in place of earlier ones, and after removing in the same step', async () => {
      const store = await open();
      await store.apply(put(entry('a', 1)));
      await store.apply(put(entry('a', 2)));
      expect(await get(store, 'a')).toEqual(Uint8Array.of(2));
      await store.apply({ ...put(entry('a', 3), entry('b', 4)), ...remove('a') });
      expect([await get(store, 'a'), await get(store, 'b')]).toEqual([Uint8Array.of(3), Uint8Array.of(4)]);
    });

    it('are copies: neither side can change the bytes of the other', async () => {
      const store = await open();
      const given = entry('a', 1);
      await store.apply(put(given));
      given.bytes[0] = 9;
      const taken = await get(store, 'a');
      taken?.fill(7);
      expect(await get(store, 'a')).toEqual(one);
    });

    it('change in the order that was asked for', async () => {
      const store = await open();
      await Promise.all([
        store.apply(put(entry('a', 1))),
        store.apply(remove('a')),
        store.apply(put(entry('a', 2))),
      ]);
      expect(await get(store, 'a')).toEqual(Uint8Array.of(2));
    });
  });

  it('keeps rows, frames and settings apart, under the same keys', async () => {
    const store = await open();
    await store.apply({ put: [entry('a', 1)], putFrames: [entry('a', 2)] });
    await store.setSetting('a', Uint8Array.of(3));
    expect([await store.get('a'), await store.frame('a'), await store.setting('a')]).toEqual(
      [1, 2, 3].map((byte) => Uint8Array.of(byte)),
    );
    await store.apply({ remove: ['a'] });
    expect([await store.keys(), await store.frameKeys()]).toEqual([[], ['a']]);
    expect(await store.setting('a')).toEqual(Uint8Array.of(3));
  });

  it('keeps a setting until another takes its place or it is taken out', async () => {
    const store = await open();
    expect(await store.setting('looks')).toBeUndefined();
    const given = Uint8Array.of(1);
    await store.setSetting('looks', given);
    given[0] = 9;
    expect(await store.setting('looks')).toEqual(one);
    await store.setSetting('looks', Uint8Array.of(2));
    expect(await store.setting('looks')).toEqual(Uint8Array.of(2));
    await store.setSetting('looks', undefined);
    expect(await store.setting('looks')).toBeUndefined();
  });

  it('is empty after it was cleared, and takes things again', async () => {
    const store = await open();
    await store.apply({ put: [entry('a', 1)], putFrames: [entry('b', 2)] });
    await store.setSetting('c', one);
    await store.clear();
    expect([await store.keys(), await store.frameKeys(), await store.setting('c')]).toEqual([
      [],
      [],
      undefined,
    ]);
    await store.apply({ put: [entry('a', 1)] });
    expect(await store.keys()).toEqual(['a']);
  });

  it('takes an empty change, and says whether it outlives the page', async () => {
    const store = await open();
    await expect(store.apply({})).resolves.toBeUndefined();
    expect(store.isKept).toBe(isKept);
  });
});

describe('a store in IndexedDB', () => {
  it('is there again after it was closed, apart from other members’ stores', async () => {
    const first = await indexedLocalStore('one');
    await first.apply({ put: [entry('a', 1)] });
    first.close();
    await expect(first.get('a')).rejects.toThrow();
    expect(await (await indexedLocalStore('one')).get('a')).toEqual(one);
    expect(await (await indexedLocalStore('two')).keys()).toEqual([]);
  });

  const bad = { key: 'b', bytes: (() => {}) as unknown as Uint8Array };
  it.each([
    ['row', { put: [bad] }],
    ['frame', { put: [entry('b', 1)], putFrames: [bad] }],
  ])('keeps all of a change or nothing: a %s that cannot be kept', async (name, change) => {
    const store = await indexedLocalStore(`atomic-${name}`);
    await store.apply({ put: [entry('a', 1)], putFrames: [entry('f', 1)] });
    await expect(store.apply({ remove: ['a'], removeFrames: ['f'], ...change })).rejects.toThrow();
    expect([await store.keys(), await store.frameKeys()]).toEqual([['a'], ['f']]);
  });

  it('lets a page with a newer layout have the database', async () => {
    const store = await indexedLocalStore('layout');
    await store.apply({ put: [entry('a', 1)] });
    const request = indexedDB.open('relay-layout', 9);
    await new Promise((resolve, reject) => {
      request.onsuccess = resolve;
      request.onerror = reject;
    });
    await expect(store.get('a')).rejects.toThrow();
    request.result.close();
  });

  it('says storage_unavailable where the browser keeps nothing', async () => {
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    await expect(indexedLocalStore('x')).rejects.toMatchObject({ code: 'storage_unavailable' });
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
    const secret = utf8('content of a well known text');
    const records = [{ hash: hashOf(1), content: secret, private: {} }];
    const rest = { parts: [], order: 1, since: 1, due: 1, failed: undefined, sealed: undefined };
    const letter: Letter = { key: idOf(1), recipient: BOB, purpose: 'message', records, ...rest };
    const store = await indexedLocalStore('sealed');
    const sealed = (await alice?.sealLocal(encodeLetter(letter))) as Uint8Array;
    await store.apply({ put: [{ key: letter.key, bytes: sealed }] });
    const kept = Buffer.from((await store.get(letter.key)) as Uint8Array);
    for (const plain of [secret, Buffer.from(BOB, 'hex'), utf8('message'), utf8('recipient')])
      expect(kept.includes(Buffer.from(plain))).toBe(false);
    expect(decodeLetter(letter.key, (await alice?.openLocal(kept)) as Uint8Array)).toEqual(letter);
    await expect(bob?.openLocal(kept)).rejects.toThrow();
    await expect(alice?.openLocal(randomBytes(kept.length))).rejects.toThrow();
  });
});
