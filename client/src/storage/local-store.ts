/**
 * What a member's client keeps on the machine: sealed rows (the outbox, uploads), frames (chunk blobs that wait, which are ciphertext that looks
 * random) and sealed settings. Nothing in it or its keys can be read without the member's identity.
 */

/** Bytes under a key. */
export interface StoredEntry {
  key: string;
  bytes: Uint8Array;
}

/** A change that is made as a whole or not at all. */
export interface StoreChange {
  put?: readonly StoredEntry[];
  remove?: readonly string[];
  /** Upload frames (65,616 bytes each) by blob id, hexadecimal. */
  putFrames?: readonly StoredEntry[];
  removeFrames?: readonly string[];
}

/** A store of one member. One contract suite holds for every implementation. */
export interface LocalStore {
  /** Whether it survives the page; the frames of a big file then need not stay in memory. */
  readonly isKept: boolean;
  /** Keys of all rows, in no particular order. */
  keys(): Promise<string[]>;
  /** A row's bytes, or undefined when it was removed (also by another page of the same member). */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keys of all frames, in no particular order. */
  frameKeys(): Promise<string[]>;
  /** A frame, or undefined when it was removed. */
  frame(key: string): Promise<Uint8Array | undefined>;
  apply(change: StoreChange): Promise<void>;
  /** A sealed setting, or undefined. */
  setting(name: string): Promise<Uint8Array | undefined>;
  /** Keeps a sealed setting; undefined removes it. */
  setSetting(name: string, sealed: Uint8Array | undefined): Promise<void>;
  /** Removes everything. */
  clear(): Promise<void>;
  close(): void;
}

/** A store that lives as long as the page: where the browser keeps nothing, and in tests. */
export function memoryLocalStore(): LocalStore {
  const rows = new Map<string, Uint8Array>();
  const frames = new Map<string, Uint8Array>();
  const settings = new Map<string, Uint8Array>();
  return {
    isKept: false,
    keys: async () => [...rows.keys()],
    get: async (key) => rows.get(key)?.slice(),
    frameKeys: async () => [...frames.keys()],
    frame: async (key) => frames.get(key)?.slice(),
    async apply({ put = [], remove = [], putFrames = [], removeFrames = [] }) {
      for (const key of remove) rows.delete(key);
      for (const { key, bytes } of put) rows.set(key, bytes.slice());
      for (const key of removeFrames) frames.delete(key);
      for (const { key, bytes } of putFrames) frames.set(key, bytes.slice());
    },
    setting: async (name) => settings.get(name)?.slice(),
    async setSetting(name, sealed) {
      if (sealed === undefined) settings.delete(name);
      else settings.set(name, sealed.slice());
    },
    async clear() {
      for (const kept of [rows, frames, settings]) kept.clear();
    },
    close() {},
  };
}
