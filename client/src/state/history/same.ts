/** Keeps what did not change, so that whoever compares by reference sees that it did not. */

/** Whether two values of plain data (no cycles, no classes) are equal in every part. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((element, i) => isSame(element, b[i]));
  }
  const [left, right] = [a as { [key: string]: unknown }, b as { [key: string]: unknown }];
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) {
    if (left[key] === right[key] && left[key] !== undefined) continue;
    if (!Object.hasOwn(right, key) || !isSame(left[key], right[key])) return false;
  }
  return true;
}

/** A list in which what equals an element that was there before under the same key is that very element. */
export class KeptList<T extends { key: string }> {
  #list: T[] = [];
  #byKey = new Map<string, T>();

  /** @returns `fresh` with its elements replaced; the array of before when nothing changed at all */
  keep(fresh: readonly T[]): T[] {
    const list = fresh.map((element) => {
      const before = this.#byKey.get(element.key);
      return before !== undefined && isSame(before, element) ? before : element;
    });
    if (list.length === this.#list.length && list.every((element, i) => element === this.#list[i]))
      return this.#list;
    this.#byKey = new Map(list.map((element) => [element.key, element]));
    this.#list = list;
    return list;
  }
}
