/** What a newer roster changed. */

/** A member by its number and key. */
export interface NumberedMember {
  /** Hexadecimal key hash. */
  id: string;
  number: number;
}

/** Members by key hash, hexadecimal, in the order of their numbers. */
export interface RosterDiff {
  added: string[];
  removed: string[];
  /** `[before, after]`: a number that belongs to another key now. */
  replaced: [string, string][];
}

/** Compares two lists of members, by key and by number. Whoever keeps its key stays the same member. */
export function rosterDiff(before: readonly NumberedMember[], after: readonly NumberedMember[]): RosterDiff {
  const without = (list: readonly NumberedMember[], others: readonly NumberedMember[]) =>
    list.filter(({ id }) => others.every((other) => other.id !== id)).toSorted((a, b) => a.number - b.number);
  const gone = without(before, after);
  const come = without(after, before);
  const heirOf = ({ number }: NumberedMember) => come.find((member) => member.number === number);
  return {
    added: come.filter(({ number }) => gone.every((member) => member.number !== number)).map(({ id }) => id),
    removed: gone.filter((member) => heirOf(member) === undefined).map(({ id }) => id),
    replaced: gone.flatMap((member) => {
      const heir = heirOf(member);
      return heir === undefined ? [] : [[member.id, heir.id] as [string, string]];
    }),
  };
}
