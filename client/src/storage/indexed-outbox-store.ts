import { RelayError } from '@relay/protocol';
import type { DBSchema } from 'idb';
import { openDB } from 'idb';
import type { OutboxStore } from './outbox-store.ts';

interface OutboxSchema extends DBSchema {
  rows: { key: string; value: Uint8Array };
}

/**
 * A store in IndexedDB, which survives a reload.
 * @param name names the member's own database; derived from its identity, so that it says nothing
 * @throws RelayError `storage_unavailable` where the browser keeps nothing (private windows, blocked site data)
 */
export async function indexedOutboxStore(name: string): Promise<OutboxStore> {
  try {
    const database = await openDB<OutboxSchema>(`relay-${name}`, 1, {
      upgrade(created) {
        created.createObjectStore('rows');
      },
      // Another page wants a newer layout: let it have it.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return {
      keys: () => database.getAllKeys('rows'),
      get: (key) => database.get('rows', key),
      async apply({ put = [], remove = [] }) {
        const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
        const requests: Promise<unknown>[] = [transaction.done];
        try {
          for (const key of remove) requests.push(transaction.store.delete(key));
          for (const { key, sealed } of put) requests.push(transaction.store.put(sealed, key));
        } catch (cause) {
          // What was asked for before would be kept without the rest.
          transaction.abort();
          await Promise.allSettled(requests);
          throw cause;
        }
        await Promise.all(requests);
      },
      close: () => database.close(),
    };
  } catch (cause) {
    throw new RelayError('storage_unavailable', undefined, { cause });
  }
}
