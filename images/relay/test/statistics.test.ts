import { expect, test } from 'vitest';
import { compareCounts, compareRanks, normalTail } from './support/statistics.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

test('the normal tail has the values of the tables', () => {
  expect(normalTail(0)).toBeCloseTo(0.5, 6);
  expect(normalTail(1.959964)).toBeCloseTo(0.025, 6);
  expect(normalTail(-1.959964)).toBeCloseTo(0.975, 6);
});

test('samples that are alike are told so, and ties do not matter', () => {
  expect(compareRanks(upTo(100), upTo(100))).toEqual({ below: 0.5, p: expect.closeTo(1, 6) });
  expect(compareRanks(Array(30).fill(1), Array(30).fill(1))).toMatchObject({
    below: 0.5,
    p: expect.closeTo(1, 6),
  });
});

test('a shift is found, with its direction', () => {
  const later = upTo(100).map((value) => value + 40);
  expect(compareRanks(upTo(100), later).below).toBeCloseTo(0.82, 2);
  expect(compareRanks(upTo(100), later).p).toBeLessThan(1e-12);
  expect(compareRanks(later, upTo(100)).below).toBeCloseTo(0.18, 2);
});

test('U, worked out by hand: 1 3 5 … against 2 4 6 …', () => {
  const odd = upTo(20).map((i) => 2 * i + 1);
  const even = upTo(20).map((i) => 2 * i + 2);
  // Of 400 pairs, 20 + 19 + … + 1 = 210 have the first below; z = 10 / sqrt(400 × 41 / 12) = 0.2705.
  expect(compareRanks(odd, even)).toEqual({ below: 0.525, p: expect.closeTo(0.7868, 3) });
});

test('chi-squared has the value of the tables', () => {
  // 2 × 10² / 60 + 2 × 10² / 40 = 8.3333 with one degree of freedom: p = 0.0039.
  expect(compareCounts([70, 30], [50, 50])).toBeCloseTo(0.0039, 3);
  expect(compareCounts([50, 50], [50, 50])).toBeGreaterThan(0.9);
});
