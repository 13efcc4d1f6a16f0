/**
 * A conversation's records in causal order, with what is missing and what contradicts itself (SPEC.md §8). Pure: the same set of
 * records gives the same timeline, in whatever order they came.
 */
import { MIN_BLOB_LIFE_HOURS } from '@relay/protocol';
import { GapTally } from './gap-tally.ts';
import type { Reference } from './reference.ts';
import { slotOf } from './reference.ts';

const HOUR = 3_600_000;
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

/** A record in its place, or a gap before one. */
export type TimelineEntry<R> =
  | { type: 'record'; record: R; equivocates: boolean }
  | { type: 'gap'; key: string; reason: GapReason; count: number };

/** The records of one conversation. */
export class Timeline<R extends TimelineRecord> {
  readonly #records = new Map<string, R>();
  /** Hashes that claim a place or a message id. */
  readonly #claims = new Map<string, Set<string>>();
  /** Hashes that some record names. */
  readonly #named = new Set<string>();

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
    for (const { hash } of record.references) this.#named.add(hash);
    const claimants = this.#claimsOf(record).map((claim) => {
      const hashes = this.#claims.get(claim) ?? new Set();
      this.#claims.set(claim, hashes.add(record.hash));
      return hashes.size;
    });
    return Math.max(...claimants) > 1 ? 'equivocation' : 'new';
  }

  /** Records that no seen record names, except those of `writer`: what its next record must name as heads. */
  heads(writer: string): R[] {
    return this.#sorted(
      [...this.#records.values()].filter(
        (record) => record.writer !== writer && !this.#named.has(record.hash),
      ),
    );
  }

  /**
   * Everything in causal order, gaps included.
   * @param now milliseconds from the Unix epoch; decides whether what is missing may have expired
   * @param self key hash of this member, hexadecimal
   */
  entries(now: number, self: string): TimelineEntry<R>[] {
    const out: TimelineEntry<R>[] = [];
    const tally = new GapTally(this.#records.values());
    for (const record of this.#ordered()) {
      const lacking = record.references.filter(({ hash }) => !this.#records.has(hash));
      const reasonOf = ({ at, author }: Reference): GapReason => {
        if (now - at > MIN_BLOB_LIFE_HOURS * HOUR) return 'expired';
        return author === self ? 'elsewhere' : 'missing';
      };
      for (const reason of ['expired', 'elsewhere', 'missing'] as const) {
        const named = lacking.filter((reference) => reasonOf(reference) === reason);
        const count = named.reduce((sum, reference) => sum + tally.count(reference), 0);
        if (count > 0) pushGap(out, { type: 'gap', key: `${reason}-before-${record.hash}`, reason, count });
      }
      out.push({ type: 'record', record, equivocates: this.#equivocates(record) });
    }
    return out;
  }

  #claimsOf(record: R): string[] {
    return [`slot/${slotOf(record)}`, `id/${record.author}/${record.id}`];
  }

  #equivocates(record: R): boolean {
    return this.#claimsOf(record).some((claim) => (this.#claims.get(claim)?.size ?? 0) > 1);
  }

  #sorted(records: R[]): R[] {
    return records.sort((a, b) => a.at - b.at || (a.hash < b.hash ? -1 : 1));
  }

  /** Kahn's algorithm; among those whose references are placed, the earliest first. */
  #ordered(): R[] {
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

function pushGap<R>(out: TimelineEntry<R>[], gap: Extract<TimelineEntry<R>, { type: 'gap' }>): void {
  const last = out.at(-1);
  const joins = last?.type === 'gap' && last.reason === gap.reason;
  const target = joins ? last : gap;
  target.count = Math.min(MAX_GAP_COUNT, joins ? last.count + gap.count : gap.count);
  if (!joins) out.push(gap);
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
