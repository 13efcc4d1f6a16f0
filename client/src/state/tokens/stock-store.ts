/** Where the stock of tokens is kept, so that no two windows of a member spend the same one. */
import type { VaultClient } from '../../crypto/spawn.ts';
import type { LocalStore } from '../../storage/local-store.ts';
import { turnTaker } from '../turns.ts';
import type { TokenDocument } from './token-document.ts';
import { decodeStock, EMPTY_STOCK, encodeStock } from './token-document.ts';

/** Its name in the local store. */
const NAME = 'tokens';

/** What keeping needs of the world. */
export interface StockStoreParts {
  store: Pick<LocalStore, 'isKept' | 'setting' | 'setSetting'>;
  vault: Pick<VaultClient, 'sealLocal' | 'openLocal'>;
  /** Runs work while no other window of this member runs any of this name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Whether anything is to be kept on this machine. */
  keeps(): boolean;
}

/** The stock, one change at a time over all windows. */
export class StockStore {
  readonly #parts: StockStoreParts;
  readonly #inTurn = turnTaker();
  #document = EMPTY_STOCK;
  /** What this window has is its alone: nothing is kept, or nothing can be. */
  #isOwn = false;

  constructor(parts: StockStoreParts) {
    this.#parts = parts;
  }

  /** What there is, as far as this window knows. */
  get document(): TokenDocument {
    return this.#document;
  }

  /** Whether what is drawn outlives this page. */
  get isKept(): boolean {
    return this.#parts.store.isKept && this.#parts.keeps();
  }

  /**
   * Changes what is kept. The change is on this machine before its result is used: a token that was taken is gone for every window, also after a
   * crash of this one.
   */
  change<T>(work: (document: TokenDocument) => { document: TokenDocument; result: T }): Promise<T> {
    return this.#inTurn(() =>
      this.#parts.exclusively('relay-tokens', async () => {
        const { document, result } = work(await this.#read());
        this.#document = document;
        await this.#write(document);
        return result;
      }),
    );
  }

  /** Lets everything that was asked for end. */
  settled(): Promise<void> {
    return this.#inTurn(async () => {});
  }

  /** What cannot be read is as good as nothing: its tokens are drawn anew. */
  async #read(): Promise<TokenDocument> {
    if (this.#isOwn) return this.#document;
    try {
      const sealed = await this.#parts.store.setting(NAME);
      if (sealed !== undefined) return decodeStock(await this.#parts.vault.openLocal(sealed));
    } catch {
      // As if there were none.
    }
    return { ...EMPTY_STOCK, issuer: this.#document.issuer };
  }

  /** Where nothing is to be kept, the first window that comes takes what there was; the others draw for themselves. */
  async #write(document: TokenDocument): Promise<void> {
    const { store, vault, keeps } = this.#parts;
    const isKept = keeps();
    if (this.#isOwn && !isKept) return;
    try {
      await store.setSetting(NAME, isKept ? await vault.sealLocal(encodeStock(document)) : undefined);
      this.#isOwn = !isKept;
    } catch {
      // A token that is taken now may come back after a reload; the relay then says that it was spent, and another one is taken.
      this.#isOwn = true;
    }
  }
}
