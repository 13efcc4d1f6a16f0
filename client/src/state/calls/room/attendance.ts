/** Which pages take part in a call, whatever seats they have: what each said last, and for how long one that fell silent is waited for. */
import type { ErrorCode, StateBody } from '@relay/protocol';
import { hex } from '@relay/protocol';
import type { ConnectionState } from '../../../media/media.ts';
import type { After } from '../../timer.ts';
import type { Seated } from './sitting.ts';

/** How long a page that was in and has neither a seat nor a connection is waited for. */
const DROP_MS = 30_000;
/** The same where the page ended the connection by itself, without a word: it was closed, or is being loaded anew. */
const UNLOADED_MS = 15_000;

/** A page of a member, this one's other windows among them. */
export interface Page {
  readonly key: string;
  readonly member: string;
  /** Its id. */
  readonly page: string;
  /** What it said last; undefined after its `bye`. */
  state: StateBody | undefined;
  /** Ids of the pages whose place it takes. */
  takes: Set<string>;
  /** Undefined while it has no seat, and is waited for. */
  seated: Seated | undefined;
  /** Since it is missed: how long it is waited for, in milliseconds, and what calls that off. */
  wait: { ms: number; cancel(): void } | undefined;
}

/** Whether a page is in the call. */
export function isIn({ state }: Page): boolean {
  return state?.at === 'in';
}

/** A page that may have to give way. */
export type Claim = Pick<Page, 'page' | 'takes'>;

/** Whether `other` of the same member takes the place of `page`; where both take each other's, the higher id stays. */
export function isTakenBy(page: Claim, other: Claim): boolean {
  if (!other.takes.has(page.page)) return false;
  return !page.takes.has(other.page) || other.page > page.page;
}

/** Whether this page leaves to another one of its own member that is in as well: each of the two comes to the same end. */
export function yieldsTo(page: Claim, other: Claim): boolean {
  const takesNone = !page.takes.has(other.page) && !other.takes.has(page.page);
  return isTakenBy(page, other) || (takesNone && other.page > page.page);
}

/** How a page was in the call when it fell silent. */
export interface LastIn {
  page: Uint8Array;
  at: number;
  muted: boolean;
  deafened: boolean;
  camera: boolean;
}

/** What the attendance is made of. */
export interface AttendanceOptions {
  after: After;
  now: () => number;
  /** How the connection to a page stands; undefined where there is none. */
  connectionTo(page: Page): ConnectionState | 'refused' | undefined;
  refused(code: ErrorCode, member: string): void;
  /** A page was waited for in vain. */
  dropped(): void;
}

/** See above. */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #pages = new Map<string, Page>();
  /** Which page sits where; undefined where a later seat took its place. */
  readonly #sitters = new Map<Seated, Page | undefined>();
  readonly #lastIn = new Map<string, LastIn>();
  #canWait = false;

  constructor(options: AttendanceOptions) {
    this.#options = options;
  }

  /** All pages, also those that said goodbye and still sit there. */
  get pages(): Iterable<Page> {
    return this.#pages.values();
  }

  /** Members whose pages are in and have no seat. */
  get missed(): string[] {
    const missed = [...this.#pages.values()].filter((page) => isIn(page) && page.seated === undefined);
    return missed.map(({ member }) => member);
  }

  /** The page that sits there. */
  at(seated: Seated): Page | undefined {
    return this.#sitters.get(seated);
  }

  /** Whether the seat of a page was taken over by a later one, so that nothing of it counts. */
  isSuperseded(seated: Seated): boolean {
    return this.#sitters.has(seated) && this.#sitters.get(seated) === undefined;
  }

  /** Whether it is known which page sits there, or that a later seat took its place. */
  hasSpoken(seated: Seated): boolean {
    return this.#sitters.has(seated);
  }

  /** How a member's last page that was in fell silent; undefined when none did. */
  lastIn(member: string): LastIn | undefined {
    return this.#lastIn.get(member);
  }

  /**
   * A page says how it stands.
   * @returns the page, and the flow that it had before where that is another one; undefined where it was not followed
   */
  heard(seated: Seated, state: StateBody): { page: Page; before: Seated | undefined } | undefined {
    const id = hex(state.page);
    const sitter = this.#sitters.get(seated);
    if (sitter !== undefined && sitter.page !== id) {
      this.#options.refused('signal_malformed', seated.member);
      return undefined;
    }
    const page = sitter ?? this.#pageOf(seated.member, id);
    const before = page.seated === seated ? undefined : page.seated;
    if (before !== undefined && before.order > seated.order) {
      this.#sitters.set(seated, undefined);
      return undefined;
    }
    if (before !== undefined) this.#sitters.set(before, undefined);
    this.#sitters.set(seated, page);
    page.seated = seated;
    page.state = state;
    page.takes = new Set(state.takes.map(hex));
    if (isIn(page)) this.#replaceBy(page);
    else this.letGo(page);
    if (this.#isLast(page)) this.#lastIn.delete(page.member);
    this.reconsider(page);
    return { page, before };
  }

  /** A page says goodbye; a state of it may follow, and begins anew. */
  saidBye(page: Page): void {
    page.state = undefined;
    page.takes.clear();
    this.letGo(page);
  }

  /**
   * A seat is empty.
   * @returns its page
   */
  unseated(seated: Seated): Page | undefined {
    const page = this.#sitters.get(seated);
    this.#sitters.delete(seated);
    if (page?.seated !== seated) return undefined;
    this.#unseat(page);
    return page;
  }

  /** The own seat is gone: nobody is known to sit anywhere, and nobody can be waited for. */
  lost(): void {
    this.#canWait = false;
    this.#sitters.clear();
    for (const page of this.#pages.values()) this.#unseat(page);
  }

  /** An own seat was taken: whoever does not come now is waited for. */
  joined(): void {
    this.#canWait = true;
    for (const page of this.#pages.values()) this.reconsider(page);
  }

  /** The connection of a page changed: whether it is waited for depends on it. */
  reconsider(page: Page): void {
    const isKnown = this.#pages.get(page.key) === page;
    const connection = this.#options.connectionTo(page);
    const isMissed = isKnown && isIn(page) && page.seated === undefined && connection !== 'connected';
    const ms = connection === 'closed' ? UNLOADED_MS : DROP_MS;
    const isAwaited = isMissed && this.#canWait;
    if (isAwaited && page.wait?.ms === ms) return;
    page.wait?.cancel();
    page.wait = isAwaited ? { ms, cancel: this.#options.after(ms, () => this.#drop(page)) } : undefined;
  }

  /** A page is not in any more, which may be this one: nobody takes its place, so that it may come back later. */
  letGo({ member, page }: Pick<Page, 'member' | 'page'>): void {
    for (const other of this.#pages.values()) if (other.member === member) other.takes.delete(page);
  }

  /** Forgets everybody. */
  stop(): void {
    for (const page of this.#pages.values()) page.wait?.cancel();
    this.#pages.clear();
    this.#sitters.clear();
  }

  #pageOf(member: string, page: string): Page {
    const key = `${member}:${page}`;
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const fresh = { key, member, page, state: undefined, takes: new Set<string>() };
    const made: Page = { ...fresh, seated: undefined, wait: undefined };
    this.#pages.set(key, made);
    return made;
  }

  #isLast({ member, page }: Page): boolean {
    const last = this.#lastIn.get(member);
    return last !== undefined && hex(last.page) === page;
  }

  #unseat(page: Page): void {
    page.seated = undefined;
    const { state } = page;
    if (state?.at !== 'in') {
      this.#pages.delete(page.key);
      return;
    }
    const { muted, deafened, camera } = state;
    // With the own seat gone as well, nobody can tell whether the other page went.
    if (this.#canWait)
      this.#lastIn.set(page.member, { page: state.page, at: this.#options.now(), muted, deafened, camera });
    this.reconsider(page);
  }

  #drop(page: Page): void {
    page.wait = undefined;
    this.#pages.delete(page.key);
    this.#options.dropped();
  }

  /** Whoever has no seat and is taken the place of is not waited for. */
  #replaceBy(page: Page): void {
    for (const other of this.#pages.values()) {
      if (other.member !== page.member || other.seated !== undefined || !isTakenBy(other, page)) continue;
      other.wait?.cancel();
      this.#pages.delete(other.key);
    }
  }
}
