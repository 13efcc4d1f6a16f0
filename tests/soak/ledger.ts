/** What clients took from their members, and who has seen it. */

/** Something that a client took: it said neither no nor that it failed. */
export interface Taken {
  /** Its text, or the name of its file. */
  id: string;
  to: readonly number[];
  /** When, by the clock of the soak, in milliseconds. */
  at: number;
  /** SHA-256 of a file, in hexadecimal. */
  digest?: string;
}

/** A message that a member should have. */
export interface Want {
  id: string;
  member: number;
}

/** Keeps books on messages by their marks; see {@link MARK}. */
export class Ledger {
  readonly #taken = new Map<string, Taken>();
  readonly #seen = new Map<string, Set<number>>();
  readonly #saved = new Map<string, Set<number>>();
  /** `MARK MEMBER` of each message that a member saw twice at once. */
  readonly doubled = new Set<string>();
  /** `MARK MEMBER` of each message that reached somebody it was not for. */
  readonly strayed = new Set<string>();
  /** `MARK MEMBER` of each file whose bytes were others. */
  readonly spoilt = new Set<string>();
  #last = 0;

  /** A text that no other message of the soak has. */
  mark(kind: 'text' | 'file'): string {
    return `soak ${kind} ${++this.#last}`;
  }

  took(taken: Taken): void {
    this.#taken.set(taken.id, taken);
  }

  /** What a member sees of others at one moment: every mark as often as it is shown. */
  saw(member: number, marks: readonly string[]): void {
    const once = new Set<string>();
    for (const id of marks) {
      const taken = this.#taken.get(id);
      if (once.has(id)) this.doubled.add(`${id} ${member}`);
      once.add(id);
      // What is seen before its sender's client has said that it took it is looked at next time.
      if (taken !== undefined && !taken.to.includes(member)) this.strayed.add(`${id} ${member}`);
      note(this.#seen, id, member);
    }
  }

  /** A member has the content of a file. */
  saved(member: number, id: string, digest: string): void {
    const taken = this.#taken.get(id);
    if (taken?.digest !== undefined && taken.digest !== digest) this.spoilt.add(`${id} ${member}`);
    note(this.#saved, id, member);
  }

  hasSaved(member: number, id: string): boolean {
    return this.#saved.get(id)?.has(member) ?? false;
  }

  /** What is still missing: messages that nobody showed a member, and files whose content it has not got. */
  missing(): Want[] {
    return [...this.#taken.values()].flatMap(({ id, to, digest }) =>
      to
        .filter((member) => {
          const has = this.#seen.get(id)?.has(member) ?? false;
          return !has || (digest !== undefined && !this.hasSaved(member, id));
        })
        .map((member) => ({ id, member })),
    );
  }

  /** What was taken at or after a moment. */
  since(at: number): Taken[] {
    return [...this.#taken.values()].filter((taken) => taken.at >= at);
  }

  /** Messages, files among them, and how many deliveries they make. */
  counts(): { messages: number; files: number; deliveries: number } {
    const all = [...this.#taken.values()];
    return {
      messages: all.length,
      files: all.filter(({ digest }) => digest !== undefined).length,
      deliveries: all.reduce((sum, { to }) => sum + to.length, 0),
    };
  }
}

function note(where: Map<string, Set<number>>, id: string, member: number): void {
  const known = where.get(id) ?? new Set();
  where.set(id, known.add(member));
}

/** What a message of the soak looks like. */
export const MARK = /^soak (?:text|file) \d+$/;
