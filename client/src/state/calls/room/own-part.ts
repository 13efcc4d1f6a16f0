/** How this page takes part in a call, and what it tells a member of it. */
import type { StateBody } from '@relay/protocol';
import { fromHex, hex } from '@relay/protocol';
import type { LastIn, Page } from './attendance.ts';
import type { OwnState, PageAt, WasIn } from './room-types.ts';

/** Pages that one can take the place of at once. */
const MAX_TAKES = 8;

/** See above. */
export class OwnPart {
  readonly page: string;
  readonly #now: () => number;
  at: PageAt = 'watching';
  takes = new Set<string>();
  #state: Required<OwnState> = { muted: false, deafened: false, camera: false, screen: false, rings: [] };
  /** Since when two members or more have been in. */
  #since: number | undefined;
  #was: WasIn | undefined;

  constructor(page: string, now: () => number) {
    this.page = page;
    this.#now = now;
  }

  get sharesScreen(): boolean {
    return this.#state.screen;
  }

  /** For how long two members or more have been in; undefined before. */
  get age(): number | undefined {
    return this.#since === undefined ? undefined : Math.max(0, Math.floor(this.#now() - this.#since));
  }

  /** @returns whether anything changed */
  set(state: Partial<OwnState>): boolean {
    const before = JSON.stringify(this.#state);
    this.#state = { ...this.#state, ...state };
    return JSON.stringify(this.#state) !== before;
  }

  /** Goes in. */
  enter(state: OwnState, takes: readonly string[]): void {
    this.#state = { ...this.#state, rings: [], ...state };
    this.takes = new Set(takes.slice(0, MAX_TAKES));
    this.at = 'in';
  }

  /** Is not in any more, or not yet. */
  stand(at: Exclude<PageAt, 'in'>): void {
    this.at = at;
    this.takes.clear();
    this.#state = { ...this.#state, camera: false, screen: false, rings: [] };
  }

  /** How this member's last page fell silent, as the others told. */
  get was(): WasIn | undefined {
    return this.#was;
  }

  /** Finds out since when the call goes on: the first word counts, so that no clock runs back. */
  hearAge(pages: readonly Page[], self: string): void {
    const members = new Set(pages.map(({ member }) => member));
    if (this.at === 'in') members.add(self);
    const age = Math.max(0, ...pages.map(({ state }) => state?.age ?? 0));
    if (members.size > 1 || age > 0) this.#since ??= this.#now() - age;
  }

  /** Another page tells how this member's last page fell silent. */
  hearWas({ page, ago, muted, deafened, camera }: NonNullable<StateBody['was']>): void {
    const at = this.#now() - ago;
    if (hex(page) === this.page || (this.#was !== undefined && this.#was.at > at)) return;
    this.#was = { page: hex(page), at, muted, deafened, camera };
  }

  /**
   * What the pages of one member are told.
   * @param members of the list
   * @param last how the recipient's last page fell silent
   */
  tell(recipient: string, members: readonly string[], last: LastIn | undefined): StateBody {
    const { muted, deafened, camera, screen, rings } = this.#state;
    return {
      page: fromHex(this.page),
      at: this.at,
      muted,
      deafened,
      camera,
      screen,
      members: members.map(fromHex),
      age: this.age ?? 0,
      rings: rings.includes(recipient) && this.at === 'in',
      takes: [...this.takes].map(fromHex),
      ...(last && { was: wasOf(last, this.#now()) }),
    };
  }
}

function wasOf({ page, at, muted, deafened, camera }: LastIn, now: number): NonNullable<StateBody['was']> {
  return { page: page.slice(), ago: Math.max(0, Math.floor(now - at)), muted, deafened, camera };
}
