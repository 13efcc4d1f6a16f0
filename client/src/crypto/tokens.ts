/** What the vault does for blind tokens (SPEC.md §22.2). Their arithmetic takes long, so it stays off the page. */
import type { Bytes, Draw, IssuerKey } from '@relay/protocol';
import { beginDraw, concat, encodeToken, finishDraw } from '@relay/protocol';
import { Handles } from './handles.ts';

/** The part of the vault that draws tokens. */
export abstract class TokenWork {
  readonly #draws = new Handles<Draw>();

  /**
   * Begins a batch.
   * @returns a handle for {@link TokenWork.finishDraw}, and what the relay is to evaluate: 2,048 bytes
   */
  async beginDraw(): Promise<{ handle: number; request: Bytes }> {
    const draw = beginDraw();
    return { handle: this.#draws.add(draw), request: draw.request };
  }

  /**
   * Makes the tokens of a relay's answer, and ends the batch.
   * @param key the key that the relay shows to everybody
   * @param evaluated 2,048 bytes
   * @param proof 64 bytes
   * @returns 64 tokens of 100 bytes, joined
   * @throws RelayError `issuer_key` when it was made with any other key
   */
  async finishDraw(handle: number, key: IssuerKey, evaluated: Uint8Array, proof: Uint8Array): Promise<Bytes> {
    const draw = this.#draws.get(handle);
    this.#draws.end(handle);
    return concat(...finishDraw(key, draw, evaluated, proof).map(encodeToken));
  }

  /** Forgets a batch that the relay did not answer. */
  async dropDraw(handle: number): Promise<void> {
    this.#draws.end(handle);
  }

  /** Forgets every batch. */
  protected endDraws(): void {
    this.#draws.clear();
  }
}
