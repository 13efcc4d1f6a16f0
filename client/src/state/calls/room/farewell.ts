/** Says goodbye to everyone in a call, also to those who are just finding back to the relay. */
import type { After } from '../../timer.ts';
import { patience } from './patience.ts';
import type { Seated } from './sitting.ts';

/** How long a goodbye may take, also to somebody who has no seat at the moment. Milliseconds. */
const SAYING_MS = 5_000;
/** How long where everything else ends as well. Milliseconds. */
const LAST_MS = 1_000;

/** What a farewell needs. */
export interface FarewellParts {
  after: After;
  /** Who has a seat. */
  seated: readonly Seated[];
  /** Members (key hashes) who are in the call and have no seat at the moment. */
  missed: Iterable<string>;
  /** Everything else ends as well: nobody is awaited. */
  isLast: boolean;
}

/** See above. */
export class Farewell {
  readonly #missed: Set<string>;
  readonly #saying: Promise<void>[];
  readonly #allCame = Promise.withResolvers<void>();
  readonly #patience: { isOver: Promise<void>; end(): void };

  constructor({ after, seated, missed, isLast }: FarewellParts) {
    this.#missed = new Set(isLast ? [] : missed);
    this.#patience = patience(after, isLast ? LAST_MS : SAYING_MS);
    this.#saying = seated.map(({ flow }) => flow.leave());
    this.#look();
  }

  /** Resolves when everybody has heard it, or in vain. */
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
