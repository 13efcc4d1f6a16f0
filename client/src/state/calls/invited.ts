/** Which invitations this page has taken, and whom they let take part. */
import type { Invitation } from './invitation.ts';
import { nameOf } from './invitation.ts';

/** Knows each call once, however many invitations to it come: whoever is on its list may have added somebody. */
export class Invited {
  readonly #more: (name: string, members: readonly string[], by: string) => void;
  /** By name of the secret. */
  readonly #members = new Map<string, Set<string>>();

  /** @param more a later invitation names these members, by somebody who is on the list */
  constructor(more: (name: string, members: readonly string[], by: string) => void) {
    this.#more = more;
  }

  /**
   * Takes an invitation.
   * @param author key hash of who sent it
   * @returns whether it is the first to its call
   */
  take({ secret, members }: Invitation, author: string): boolean {
    const name = nameOf(secret);
    const known = this.#members.get(name);
    if (known === undefined) {
      this.#members.set(name, new Set(members));
      return true;
    }
    if (known.has(author)) {
      for (const member of members) known.add(member);
      this.#more(name, members, author);
    }
    return false;
  }

  /** Everyone whom the invitations to a call name. */
  membersOf(secret: Uint8Array): string[] {
    return [...(this.#members.get(nameOf(secret)) ?? [])];
  }
}
