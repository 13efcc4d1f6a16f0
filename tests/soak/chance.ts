/** Chance that can be repeated. */
export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 to `n − 1`. */
  below(n: number): number;
  /** One of them. @throws RangeError when there is none */
  pick<T>(from: readonly T[]): T;
  /** `count` of them, or all when there are fewer, in another order. */
  some<T>(from: readonly T[], count: number): T[];
  bytes(size: number): Uint8Array<ArrayBuffer>;
}

/** Makes chance out of a seed (mulberry32): for choices of tests alone, never for secrets. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    next,
    below,
    pick(from) {
      if (from.length === 0) throw new RangeError('there is nothing to pick from');
      return from[below(from.length)] as (typeof from)[number];
    },
    some(from, count) {
      const left = [...from];
      const out: (typeof left)[number][] = [];
      while (left.length > 0 && out.length < count) out.push(...left.splice(below(left.length), 1));
      return out;
    },
    bytes(size) {
      const out = new Uint8Array(size);
      for (let at = 0; at < size; at++) out[at] = below(256);
      return out;
    },
  };
}
