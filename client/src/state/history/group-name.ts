/** The name of a group, as its records tell it (SPEC.md §9). */
import { titleOf } from '@relay/protocol';

/** A name, and since when (milliseconds) the group bears it. */
export interface GroupName {
  name: string;
  at: number;
}

/** Hears a group's records in causal order, and knows its name then. */
export class Naming {
  #renamed: GroupName | undefined;
  #titled: GroupName | undefined;

  /** @param name the new one, where the record is a renaming */
  hear(record: { at: number; title?: [string, number] | undefined }, name?: string): void {
    if (name !== undefined) this.#renamed = { name, at: record.at };
    const title = titleOf(record);
    if (title !== undefined && title.at > (this.#titled?.at ?? -1)) this.#titled = title;
  }

  /** The last renaming that is here, unless a title tells of a later one; undefined when nobody gave a name. */
  get name(): GroupName | undefined {
    const [renamed, titled] = [this.#renamed, this.#titled];
    return renamed !== undefined && renamed.at >= (titled?.at ?? 0) ? renamed : titled;
  }
}
