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
  /** Hashes of forgiven records by their slot. */
  readonly #forgiven = new Map<string, Set<string>>();
  /** By chain, the counters of forgiven records, ascending, each once. */
  readonly #pardons = new Map<string, number[]>();

  /**
   * @param present places of the records that are there
   * @param forgiven records that nobody shall miss; what their writers wrote before them is missed all the same
   */
  constructor(present: Iterable<Place>, forgiven: Iterable<Place & { hash: string }> = []) {
    for (const place of present) {
      this.#present.add(slotOf(place));
      this.#spansOf(place).push({ low: place.n, high: place.n });
    }
    for (const spans of this.#chains.values()) spans.sort((a, b) => a.low - b.low);
    for (const place of forgiven) this.#forgive(place);
    for (const counters of this.#pardons.values()) counters.sort((a, b) => a - b);
  }

  /**
   * How many more are missing because of a reference to a record that is not there: that record, and what its writer must have
   * written before it, down to the next one that is there.
   */
  count(reference: Reference): number {
    if (this.#named.has(reference.hash)) return 0;
    this.#named.add(reference.hash);
    const slot = slotOf(reference);
    const pardoned = this.#forgiven.get(slot);
    // Another record stands, or stood, in its place: this one is missing all the same.
    const isContradicted = this.#present.has(slot) || pardoned !== undefined;
    const more = isContradicted && pardoned?.has(reference.hash) !== true ? 1 : 0;
    const spans = this.#spansOf(reference);
    const below = lastWhere(spans, ({ low }) => low <= reference.n);
    const from = spans[below]?.high ?? 0;
    if (from >= reference.n) return more;
    const span = spans[below];
    if (span === undefined) spans.unshift({ low: 1, high: reference.n });
    else span.high = reference.n;
    return reference.n - from - this.#pardonsIn(chainOf(reference), from, reference.n) + more;
  }

  #forgive(place: Place & { hash: string }): void {
    const slot = slotOf(place);
    const hashes = this.#forgiven.get(slot);
    if (hashes !== undefined) {
      hashes.add(place.hash);
      return;
    }
    this.#forgiven.set(slot, new Set([place.hash]));
    const counters = this.#pardons.get(chainOf(place)) ?? [];
    counters.push(place.n);
    this.#pardons.set(chainOf(place), counters);
  }

  /** How many counters above `from`, up to `to`, are forgiven. */
  #pardonsIn(chain: string, from: number, to: number): number {
    const counters = this.#pardons.get(chain) ?? [];
    return lastWhere(counters, (n) => n <= to) - lastWhere(counters, (n) => n <= from);
  }

  #spansOf(place: Place): Span[] {
    const chain = chainOf(place);
    const spans = this.#chains.get(chain) ?? [];
    this.#chains.set(chain, spans);
    return spans;
  }
}

/** Index of the last element that holds, or -1; those that hold come first. */
function lastWhere<T>(list: readonly T[], holds: (element: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
