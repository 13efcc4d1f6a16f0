/**
 * Makes a new state of the very objects of the one before, wherever nothing in them has changed: what shows them is not drawn again.
 *
 * @param before - the state that was shown
 * @param after - the state now; looked into as far as it is plain objects and arrays, everything else is compared by identity
 * @returns `after`, or `before` itself where the two are the same throughout
 */
export function keepSame<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (Array.isArray(after)) return Array.isArray(before) ? keepArray(before, after) : after;
  return isPlain(before) && isPlain(after) ? keepObject(before, after) : after;
}

function keepArray<T>(before: readonly unknown[], after: T & readonly unknown[]): T {
  const kept = after.map((one, i) => keepSame(before[i], one));
  const isSame = before.length === kept.length && kept.every((one, i) => Object.is(one, before[i]));
  return (isSame ? before : kept) as T;
}

function keepObject<T>(before: Record<string, unknown>, after: T & Record<string, unknown>): T {
  // What is assigned to `__proto__` would be no property.
  const kept = Object.fromEntries(
    Object.entries(after).map(([key, one]) => [key, keepSame(before[key], one)]),
  );
  const keys = Object.keys(kept);
  const isSame =
    Object.keys(before).length === keys.length &&
    keys.every((key) => Object.hasOwn(before, key) && Object.is(kept[key], before[key]));
  return (isSame ? before : kept) as T;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
