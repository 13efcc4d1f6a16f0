/** Who may take part in a call, as this page knows it; it only grows. */
import { MAX_MEMBERS } from '@relay/protocol';
import type { MemberView, PageAt } from './room-types.ts';

/** The list of a call. */
export class Roll {
  readonly #members = new Map<string, MemberView>();
  #names: readonly string[] = [];

  constructor(members: readonly string[]) {
    this.add(members, undefined);
  }

  /** Their names, in the order in which they came. */
  get names(): readonly string[] {
    return this.#names;
  }

  get views(): MemberView[] {
    return [...this.#members.values()].map((member) => ({ ...member }));
  }

  /** @returns whether it grew */
  add(members: readonly string[], addedBy: string | undefined): boolean {
    const before = this.#members.size;
    for (const member of members) {
      if (this.#members.has(member) || this.#members.size >= MAX_MEMBERS) continue;
      this.#members.set(member, { member, addedBy, wasIn: false, hasDeclined: false });
    }
    const grew = this.#members.size > before;
    if (grew) this.#names = [...this.#members.keys()];
    return grew;
  }

  /** A page of a member says how it stands. */
  heard(member: string, at: PageAt): void {
    const view = this.#members.get(member);
    if (view === undefined) return;
    if (at === 'in') view.wasIn = true;
    if (at === 'declined') view.hasDeclined = true;
  }
}
