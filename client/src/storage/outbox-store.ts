/** Where sealed rows of the outbox are kept. Nothing in a row or its key can be read without the member's identity. */

/** A sealed row under a random key. */
export interface SealedRow {
  key: string;
  sealed: Uint8Array;
}

/** A store of sealed rows. One contract suite holds for every implementation. */
export interface OutboxStore {
  /** Keys of all rows, in no particular order. */
  keys(): Promise<string[]>;
  /** A row's bytes, or undefined when it was removed (also by another page of the same member). */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Puts and removes rows, all or none. */
  apply(change: { put?: readonly SealedRow[]; remove?: readonly string[] }): Promise<void>;
  close(): void;
}

/** A store that lives as long as the page: where the browser keeps nothing, and in tests. */
export function memoryOutboxStore(): OutboxStore {
  const rows = new Map<string, Uint8Array>();
  return {
    keys: async () => [...rows.keys()],
    get: async (key) => rows.get(key)?.slice(),
    async apply({ put = [], remove = [] }) {
      for (const key of remove) rows.delete(key);
      for (const { key, sealed } of put) rows.set(key, sealed.slice());
    },
    close() {},
  };
}
