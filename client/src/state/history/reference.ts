/** A reference from one record to another. */
export interface Reference {
  hash: string;
  author: string;
  writer: string;
  n: number;
  /** Milliseconds from the Unix epoch. */
  at: number;
}

/** The place of a record in its writer's chain. */
export type Place = Pick<Reference, 'author' | 'writer' | 'n'>;

/** Names a writer's chain. */
export function chainOf({ author, writer }: Place): string {
  return `${author}/${writer}`;
}

/** Names a place. */
export function slotOf(place: Place): string {
  return `${chainOf(place)}/${place.n}`;
}
