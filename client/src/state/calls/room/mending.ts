/** When a connection that broke is made to look for a new way (SPEC.md §21.5). */
import type { ConnectionState } from '../../../media/media.ts';
import type { After } from '../../timer.ts';

/** A connection often comes back by itself within this time. */
const PATIENCE_MS = 3_000;
/** How much later the second side tries. */
const LEAD_MS = 3_000;
/** Connecting takes no longer, unless candidates were lost: then a browser may wait for ever. */
const STALL_MS = 15_000;
const AGAIN_MS = 5_000;

/** Restarts one connection until it stands. */
export class Mending {
  readonly #after: After;
  readonly #leadMs: number;
  readonly #restart: () => void;
  #state: ConnectionState = 'new';
  #cancel: (() => void) | undefined;
  #hasTried = false;

  /** @param isFirst of the two sides */
  constructor(after: After, isFirst: boolean, restart: () => void) {
    this.#after = after;
    this.#leadMs = isFirst ? 0 : LEAD_MS;
    this.#restart = restart;
  }

  /** How the connection stands now. */
  heard(state: ConnectionState): void {
    this.#state = state;
    if (state === 'connected' || state === 'closed') this.close();
    else if (state === 'failed' && !this.#hasTried) this.#arm(this.#leadMs);
    else if (this.#cancel !== undefined) return;
    else if (state === 'disconnected') this.#arm(PATIENCE_MS + this.#leadMs);
    else if (state === 'connecting') this.#arm(STALL_MS + this.#leadMs);
  }

  /** The way to other machines changed: what stands may be about to fall. */
  networkChanged(): void {
    this.#arm(this.#leadMs);
  }

  /** The other side has begun to mend. */
  offered(): void {
    if (this.#cancel === undefined) return;
    this.close();
    if (this.#isBroken) this.#arm(AGAIN_MS);
  }

  /** Calls everything off. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#hasTried = false;
  }

  get #isBroken(): boolean {
    return this.#state === 'disconnected' || this.#state === 'failed' || this.#state === 'connecting';
  }

  #arm(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#after(ms, () => {
      this.#cancel = undefined;
      this.#hasTried = true;
      this.#restart();
      if (this.#isBroken) this.#arm(AGAIN_MS);
    });
  }
}
