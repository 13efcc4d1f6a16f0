/**
 * A conversation's records in causal order, with what is missing and what contradicts itself (SPEC.md §8). Pure: the same set of
 * records gives the same timeline, in whatever order they came.
 */
import { MIN_BLOB_LIFE_HOURS } from '@relay/protocol';
import { GapTally } from './gap-tally.ts';
import type { Place, Reference } from './reference.ts';
import { slotOf } from './reference.ts';

const HOUR = 3_600_000;
const GAP_REASONS = ['expired', 'elsewhere', 'missing'] as const;
/** A gap counts to this many and no further: how much is missing is a claim of whoever names it. */
export const MAX_GAP_COUNT = 1_000;

/** What the timeline needs of a record. */
export interface TimelineRecord {
  /** Record hash. */
  hash: string;
  /** Message id. */
  id: string;
  author: string;
  writer: string;
  n: number;
  at: number;
  /** `prev` and `heads`. */
  references: readonly Reference[];
}

/** What became of an added record. `duplicate`: the very same was there. `equivocation`: another one claims its place or its id. */
export type Added = 'new' | 'duplicate' | 'equivocation';

/**
 * Why something is not there. `expired`: it is old enough to have expired. `elsewhere`: it is said to be by this member, so it may have been written in another
 * window, whose sent log leaves late (SPEC.md §10). `missing`: it was withheld or lost, or is still on its way.
 */
export type GapReason = 'expired' | 'elsewhere' | 'missing';

/** What is missing before a record. */
export interface TimelineGap {
  type: 'gap';
  key: string;
  reason: GapReason;
  count: number;
}

/** A record in its place, or a gap before one. */
export type TimelineEntry<R> = { type: 'record'; record: R; equivocates: boolean } | TimelineGap;

/** The records of one conversation. */
export class Timeline<R extends TimelineRecord> {
  readonly #records = new Map<string, R>();
  /** Hashes that claim a place or a message id. */
  readonly #claims = new Map<string, Set<string>>();
  /** Hashes that share a claim with another one. */
  readonly #equivocal = new Set<string>();
  /** Hashes that some record names. */
  readonly #named = new Set<string>();
  /** Records that nobody shall miss, by hash and slot. */
  readonly #forgiven = new Map<string, Place & { hash: string }>();
  #order: readonly R[] | undefined;
  #view: { entries: TimelineEntry<R>[]; self: string; from: number; until: number } | undefined;

  /** Number of records. */
  get size(): number {
    return this.#records.size;
  }

  /** A record by its hash. */
  get(hash: string): R | undefined {
    return this.#records.get(hash);
  }

  /** Adds a record, however often and in whatever order. */
  add(record: R): Added {
    if (this.#records.has(record.hash)) return 'duplicate';
    this.#records.set(record.hash, record);
    this.#order = undefined;
    this.#view = undefined;
    for (const { hash } of record.references) this.#named.add(hash);
    for (const claim of [`slot/${slotOf(record)}`, `id/${record.author}/${record.id}`]) {
      const hashes = (this.#claims.get(claim) ?? new Set()).add(record.hash);
      this.#claims.set(claim, hashes);
      if (hashes.size === 1) continue;
      // Of two, the first was not marked before.
      for (const hash of hashes.size === 2 ? hashes : [record.hash]) this.#equivocal.add(hash);
    }
    return this.#equivocal.has(record.hash) ? 'equivocation' : 'new';
  }

  /** Records that no seen record names, except those of `writer`: what its next record must name as heads. */
  heads(writer: string): R[] {
    return this.#sorted(
      [...this.#records.values()].filter(
        (record) => record.writer !== writer && !this.#named.has(record.hash),
      ),
    );
  }

  /** Makes no gap of a record that is not there: it was deleted. What its writer wrote before it is missed all the same. */
  forgive({ author, writer, n, hash }: Place & { hash: string }): void {
    const key = `${slotOf({ author, writer, n })}/${hash}`;
    if (this.#forgiven.has(key)) return;
    this.#forgiven.set(key, { author, writer, n, hash });
    this.#view = undefined;
  }

  /** The records in causal order; the same array until one is added. */
  get records(): readonly R[] {
    this.#order ??= this.#sort();
    return this.#order;
  }

  /**
   * Everything in causal order, gaps included; the same array until something is added or forgiven, or a gap grows old enough to have expired.
   * @param now milliseconds from the Unix epoch; decides whether what is missing may have expired
   * @param self key hash of this member, hexadecimal
   */
  entries(now: number, self: string): readonly TimelineEntry<R>[] {
    const view = this.#view;
    if (view?.self === self && view.from <= now && now <= view.until) return view.entries;
    const entries: TimelineEntry<R>[] = [];
    // Mostly nothing is missing.
    let tally: GapTally | undefined;
    let until = Number.POSITIVE_INFINITY;
    const reasonOf = ({ at, author }: Reference): GapReason => {
      const expiry = at + MIN_BLOB_LIFE_HOURS * HOUR;
      if (now > expiry) return 'expired';
      until = Math.min(until, expiry);
      return author === self ? 'elsewhere' : 'missing';
    };
    for (const record of this.records) {
      const lacking = record.references.filter(({ hash }) => !this.#records.has(hash));
      for (const reason of lacking.length === 0 ? [] : GAP_REASONS) {
        const named = lacking.filter((reference) => reasonOf(reference) === reason);
        tally ??= new GapTally(this.#records.values(), this.#forgiven.values());
        let count = 0;
        for (const reference of named) count += tally.count(reference);
        if (count > 0)
          pushGap(entries, { type: 'gap', key: `${reason}-before-${record.hash}`, reason, count });
      }
      entries.push({ type: 'record', record, equivocates: this.#equivocal.has(record.hash) });
    }
    this.#view = { entries, self, from: now, until };
    return entries;
  }

  #sorted(records: R[]): R[] {
    return records.sort((a, b) => a.at - b.at || (a.hash < b.hash ? -1 : 1));
  }

  /** Kahn's algorithm; among those whose references are placed, the earliest first. */
  #sort(): R[] {
    const waitsFor = new Map<string, number>();
    const followers = new Map<string, R[]>();
    for (const record of this.#records.values()) {
      const known = record.references.filter(({ hash }) => this.#records.has(hash));
      waitsFor.set(record.hash, known.length);
      for (const { hash } of known) {
        const named = followers.get(hash);
        if (named === undefined) followers.set(hash, [record]);
        else named.push(record);
      }
    }
    const ready = this.#sorted(
      [...this.#records.values()].filter(({ hash }) => waitsFor.get(hash) === 0),
    ).reverse();
    const out: R[] = [];
    for (let record = ready.pop(); record !== undefined; record = ready.pop()) {
      out.push(record);
      for (const follower of followers.get(record.hash) ?? []) {
        const left = (waitsFor.get(follower.hash) ?? 0) - 1;
        waitsFor.set(follower.hash, left);
        if (left === 0) insertDescending(ready, follower);
      }
    }
    return out;
  }
}

/** Puts a gap at the end of a list, or makes it part of the one of the same reason that stands there. */
export function pushGap<T extends { type: string }>(list: (T | TimelineGap)[], gap: TimelineGap): void {
  const last = list.at(-1);
  const before = last?.type === 'gap' && 'reason' in last && last.reason === gap.reason ? last : undefined;
  const count = Math.min(MAX_GAP_COUNT, (before?.count ?? 0) + gap.count);
  if (before === undefined) list.push({ ...gap, count });
  else list[list.length - 1] = { ...before, count };
}

function insertDescending<R extends TimelineRecord>(ready: R[], record: R): void {
  let low = 0;
  let high = ready.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = ready[middle] as R;
    if (other.at > record.at || (other.at === record.at && other.hash > record.hash)) low = middle + 1;
    else high = middle;
  }
  ready.splice(low, 0, record);
}
