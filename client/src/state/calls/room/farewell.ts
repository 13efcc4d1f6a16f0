/** Says goodbye to everyone in a call, also to those who are just finding back to the relay. */
import type { After } from '../../timer.ts';
import { patience } from './patience.ts';
import type { Seated } from './sitting.ts';

/** How long the relay may take to carry a goodbye. Milliseconds. */
const SAYING_MS = 1_000;
/** How long somebody is awaited who has no seat. Milliseconds. */
const AWAITING_MS = 5_000;

/** What a farewell needs. */
export interface FarewellParts {
  after: After;
  /** Who has a seat. */
  seated: readonly Seated[];
  /** Members (key hashes) who are in the call and have no seat at the moment. */
  missed: Iterable<string>;
}

/** See above. */
export class Farewell {
  readonly #missed: Set<string>;
  readonly #saying: Promise<void>[];
  readonly #allCame = Promise.withResolvers<void>();
  readonly #patience: { isOver: Promise<void>; end(): void };

  constructor({ after, seated, missed }: FarewellParts) {
    this.#missed = new Set(missed);
    this.#patience = patience(after, this.#missed.size > 0 ? AWAITING_MS : SAYING_MS);
    this.#saying = seated.map(({ flow }) => flow.leave());
    this.#look();
  }

  /** Resolves when the relay took every goodbye, or in vain. */
  async said(): Promise<void> {
    const all = this.#allCame.promise.then(() => Promise.all(this.#saying));
    await Promise.race([all, this.#patience.isOver]);
    this.end();
  }

  /** Somebody has a seat now. */
  seated({ member, flow }: Seated): void {
    // Nobody knows yet which page sits there: its state says so.
    flow.sendState();
    this.#saying.push(flow.leave());
    this.#missed.delete(member);
    this.#look();
  }

  /** Awaits nobody any longer. */
  end(): void {
    this.#patience.end();
  }

  #look(): void {
    if (this.#missed.size === 0) this.#allCame.resolve();
  }
}
