import { concat, RelayError } from '@relay/protocol';
import type { DBSchema, IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import type { LocalStore, StoreChange } from './local-store.ts';

const STORES = ['rows', 'frames', 'settings'] as const;
/**
 * Names of the two values that a frame is kept as: Chromium keeps what is over 64 KiB in files of its own, which takes about twice as long.
 */
const HALVES = ['/0', '/1'] as const;
type StoreName = (typeof STORES)[number];

type LocalSchema = DBSchema & { [name in StoreName]: { key: string; value: Uint8Array } };

async function apply(
  database: IDBPDatabase<LocalSchema>,
  { put = [], remove = [], putFrames = [], removeFrames = [] }: StoreChange,
): Promise<void> {
  const transaction = database.transaction(['rows', 'frames'], 'readwrite', { durability: 'strict' });
  const rows = transaction.objectStore('rows');
  const frames = transaction.objectStore('frames');
  const requests: Promise<unknown>[] = [transaction.done];
  try {
    for (const key of remove) requests.push(rows.delete(key));
    for (const { key, bytes } of put) requests.push(rows.put(bytes, key));
    for (const key of removeFrames) for (const half of HALVES) requests.push(frames.delete(key + half));
    for (const { key, bytes } of putFrames) {
      const middle = bytes.length >> 1;
      requests.push(frames.put(bytes.slice(0, middle), key + HALVES[0]));
      requests.push(frames.put(bytes.slice(middle), key + HALVES[1]));
    }
  } catch (cause) {
    // What was asked for before would be kept without the rest.
    transaction.abort();
    await Promise.allSettled(requests);
    throw cause;
  }
  await Promise.all(requests);
}

/**
 * A store in IndexedDB, which survives a reload.
 * @param name names the member's own database; derived from its identity, so that it says nothing
 * @throws RelayError `storage_unavailable` where the browser keeps nothing (private windows, blocked site data)
 */
export async function indexedLocalStore(name: string): Promise<LocalStore> {
  try {
    const database = await openDB<LocalSchema>(`relay-${name}`, 2, {
      upgrade(created) {
        for (const store of STORES)
          if (!created.objectStoreNames.contains(store)) created.createObjectStore(store);
      },
      // Another page wants a newer layout: let it have it.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return {
      isKept: true,
      keys: () => database.getAllKeys('rows'),
      get: (key) => database.get('rows', key),
      frameKeys: async () => {
        const halves = await database.getAllKeys('frames');
        return halves.filter((key) => key.endsWith(HALVES[1])).map((key) => key.slice(0, -HALVES[1].length));
      },
      async frame(key) {
        const frames = database.transaction('frames').store;
        const [head, tail] = await Promise.all(HALVES.map((half) => frames.get(key + half)));
        return head === undefined || tail === undefined ? undefined : concat(head, tail);
      },
      apply: (change) => apply(database, change),
      setting: (key) => database.get('settings', key),
      async setSetting(key, sealed) {
        if (sealed === undefined) await database.delete('settings', key);
        else await database.put('settings', sealed, key);
      },
      async clear() {
        const transaction = database.transaction(STORES, 'readwrite');
        await Promise.all([
          ...STORES.map((store) => transaction.objectStore(store).clear()),
          transaction.done,
        ]);
      },
      close: () => database.close(),
    };
  } catch (cause) {
    throw new RelayError('storage_unavailable', undefined, { cause });
  }
}
