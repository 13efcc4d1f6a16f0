/** A member of a soak: a client without a face, whose page can be loaded anew. */
import { createHash } from 'node:crypto';
import type { AppState, Conversation, LocalStore, Messenger } from '@relay/client/headless';
import { createHeadlessMessenger, memoryLocalStore } from '@relay/client/headless';
import { FakeMedia } from '../../client/test/support/call-media.ts';
import type { MediaWorld } from '../../client/test/support/room-media.ts';
import type { Ledger } from './ledger.ts';
import { MARK } from './ledger.ts';

const PATIENCE_MS = 120_000;

/** See above. Its store outlives its pages, as that of a browser does. */
export class SoakMember {
  readonly number: number;
  /** It is doing something that nothing may come between. */
  busy = false;
  readonly #url: string;
  readonly #identity: Uint8Array;
  readonly #ledger: Ledger;
  readonly #world: MediaWorld;
  readonly #store: LocalStore = memoryLocalStore();
  /** Files that are on their way into this page. */
  readonly #loading = new Set<string>();
  #messenger: Messenger | undefined;

  constructor(number: number, url: string, identity: Uint8Array, ledger: Ledger, world: MediaWorld) {
    this.number = number;
    this.#url = url;
    this.#identity = identity;
    this.#ledger = ledger;
    this.#world = world;
  }

  get actions(): Messenger['actions'] {
    if (this.#messenger === undefined) throw new Error(`member ${this.number} has no page`);
    return this.#messenger.actions;
  }

  get state(): AppState {
    if (this.#messenger === undefined) throw new Error(`member ${this.number} has no page`);
    return this.#messenger.store.getState();
  }

  /** Loads a page; resolves when it is online and has read the mailbox. */
  async open(): Promise<void> {
    this.#messenger = createHeadlessMessenger(
      { apiUrl: this.#url, allowInsecure: false, sentLogMinutes: [0, 1] },
      this.#identity,
      { openStore: async () => this.#store, media: new FakeMedia(this.#world, String(this.number)) },
    );
    await this.#messenger.start();
    await this.online();
  }

  /** Closes the page, after a last look at it. */
  async close(): Promise<void> {
    this.look();
    await this.#messenger?.actions.lock();
    this.#messenger = undefined;
    this.#loading.clear();
  }

  online(): Promise<void> {
    return this.until('was not online', ({ connection, loaded }) => connection.status === 'online' && loaded);
  }

  /** @throws Error when it takes more than two minutes */
  until(complaint: string, check: (state: AppState) => boolean, milliseconds = PATIENCE_MS): Promise<void> {
    const messenger = this.#messenger;
    if (messenger === undefined) throw new Error(`member ${this.number} has no page`);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        stop();
        const { connection, outboxCount, notices } = messenger.store.getState();
        const seen = JSON.stringify({ connection, outboxCount, notices });
        reject(new Error(`member ${this.number} ${complaint}: ${seen}`));
      }, milliseconds);
      const look = () => {
        if (!check(messenger.store.getState())) return;
        clearTimeout(late);
        stop();
        resolve();
      };
      const stop = messenger.store.subscribe(look);
      look();
    });
  }

  /** The conversation with another member. */
  with(number: number): Conversation {
    const found = this.state.conversations.find((one) => one.kind === 'direct' && one.peer.number === number);
    if (found === undefined) throw new Error(`member ${this.number} has no conversation with ${number}`);
    return found;
  }

  /** Groups that it can write in. */
  groups(): Conversation[] {
    return this.state.conversations.filter(({ kind, canWrite }) => kind === 'group' && canWrite);
  }

  /** Tells the ledger what is shown, and fetches the content of files. */
  look(): string[] {
    if (this.#messenger === undefined) return [];
    const marks: string[] = [];
    for (const { items } of this.state.conversations) {
      for (const item of items) {
        if (item.type !== 'message' || item.own) continue;
        const mark = item.file?.name ?? item.text ?? '';
        if (!MARK.test(mark)) continue;
        marks.push(mark);
        if (item.file !== undefined) this.#save(item.key, mark);
      }
    }
    this.#ledger.saw(this.number, marks);
    return marks;
  }

  #save(key: string, mark: string): void {
    if (this.#loading.has(mark) || this.#ledger.hasSaved(this.number, mark)) return;
    this.#loading.add(mark);
    const hash = createHash('sha256');
    const loading = this.#loading;
    const sink = {
      write: async (bytes: Uint8Array<ArrayBuffer>) => void hash.update(bytes),
      close: async () => this.#ledger.saved(this.number, mark, hash.digest('hex')),
      abort: async () => void loading.delete(mark),
    };
    this.actions.saveFile(key, sink).finally(() => loading.delete(mark));
  }
}
