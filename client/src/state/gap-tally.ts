/** Counts what is missing from the writers' chains, each record once, in time that does not depend on the counters. */
import type { Place, Reference } from './reference.ts';
import { chainOf, slotOf } from './reference.ts';

/** Counters from `low` to `high`: records that are there, or that were counted as missing. */
interface Span {
  low: number;
  high: number;
}

/** One pass over the gaps of a conversation. */
export class GapTally {
  /** By chain, in ascending order, without overlap. */
  readonly #chains = new Map<string, Span[]>();
  /** Slots of the records that are there. */
  readonly #present = new Set<string>();
  /** Hashes already counted. */
  readonly #named = new Set<string>();

  /** @param present places of the records that are there */
  constructor(present: Iterable<Place>) {
    for (const place of present) {
      this.#present.add(slotOf(place));
      this.#spansOf(place).push({ low: place.n, high: place.n });
    }
    for (const spans of this.#chains.values()) spans.sort((a, b) => a.low - b.low);
  }

  /**
   * How many more are missing because of a reference to a record that is not there: that record, and what its writer must have
   * written before it, down to the next one that is there.
   */
  count(reference: Reference): number {
    if (this.#named.has(reference.hash)) return 0;
    this.#named.add(reference.hash);
    // Another record stands in its place: this one is missing all the same.
    if (this.#present.has(slotOf(reference))) return 1;
    const spans = this.#spansOf(reference);
    const below = lastFrom(spans, reference.n);
    const from = below?.high ?? 0;
    if (from >= reference.n) return 0;
    if (below === undefined) spans.unshift({ low: 1, high: reference.n });
    else below.high = reference.n;
    return reference.n - from;
  }

  #spansOf(place: Place): Span[] {
    const chain = chainOf(place);
    const spans = this.#chains.get(chain) ?? [];
    this.#chains.set(chain, spans);
    return spans;
  }
}

/** The last span that begins at `n` or before. */
function lastFrom(spans: readonly Span[], n: number): Span | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).low <= n) low = middle + 1;
    else high = middle;
  }
  return spans[low - 1];
}
