/** Everything that is kept: by the relay in its database, and by a page in its browser. */
import pg from 'pg';
import type { Page } from 'playwright-core';

/** Every value of every table, as bytes; and the sizes of the bodies of blobs. */
export async function readDatabase(
  url: string,
): Promise<{ bytes: Buffer; tables: string[]; bodySizes: number[] }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    const parts: Buffer[] = [];
    for (const { name } of rows) {
      const table = await client.query<Record<string, unknown>>(`SELECT * FROM ${name}`);
      parts.push(Buffer.from(name), ...table.rows.flatMap((row) => Object.values(row).map(asBytes)));
    }
    const bodies = await client.query<{ size: number }>('SELECT octet_length(body) AS size FROM blob');
    return {
      bytes: Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\0')])),
      tables: rows.map(({ name }) => name),
      bodySizes: bodies.rows.map(({ size }) => size),
    };
  } finally {
    await client.end();
  }
}

function asBytes(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(JSON.stringify(value) ?? '');
}

/** What a page's origin has stored: web storage, cookies, caches and every row of IndexedDB, keys included. */
export interface BrowserStorage {
  bytes: Buffer;
  /** Rows of the outbox and of uploads, in IndexedDB. */
  rows: number;
  /** Sealed chunks of files that wait, in IndexedDB. */
  frames: number;
  /** Sealed settings, in IndexedDB. */
  settings: number;
  /** Entries of web storage, cookies and caches. */
  others: number;
}

/** Reads everything that the page's origin has stored in this profile. */
export async function readStorage(page: Page): Promise<BrowserStorage> {
  const { chunks, counts, others } = await page.evaluate(async () => {
    const found: string[] = [];
    const keep = (value: unknown): void => {
      if (value instanceof ArrayBuffer) keep(new Uint8Array(value));
      else if (ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        found.push(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      } else if (typeof value === 'object' && value !== null) Object.entries(value).forEach(keep);
      else keep(new TextEncoder().encode(String(value)));
    };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const rowCounts: Record<string, number> = {};
    for (const { name = '' } of await indexedDB.databases()) {
      keep(name);
      const database = await done(indexedDB.open(name));
      for (const storeName of database.objectStoreNames) {
        keep(storeName);
        const store = database.transaction(storeName).objectStore(storeName);
        const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
        rowCounts[storeName] = (rowCounts[storeName] ?? 0) + values.length;
        for (const item of [...keys, ...(values as unknown[])]) keep(item);
      }
      database.close();
    }
    const caches = await globalThis.caches.keys();
    const plain = [
      ...Object.entries(localStorage),
      ...Object.entries(sessionStorage),
      ...caches,
      document.cookie,
    ];
    const entries = plain.filter((entry) => entry.length > 0);
    entries.forEach(keep);
    return { chunks: found, counts: rowCounts, others: entries.length };
  });
  const { rows = 0, frames = 0, settings = 0, ...unknown } = counts;
  if (Object.keys(unknown).length > 0) throw new Error(`Unknown stores: ${Object.keys(unknown)}`);
  return { bytes: Buffer.from(chunks.join('\0'), 'latin1'), rows, frames, settings, others };
}
