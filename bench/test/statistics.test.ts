import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, orderOf, quantile, speedOf, summarise, summariseParts } from '../src/statistics.ts';

const samples = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('quantile', () => {
  it('finds known ones, whatever the order', () => {
    expect(median([9])).toBe(9);
    expect(median([30, 10, 20])).toBe(20);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([5, 1, 4, 2, 3], 0.95)).toBeCloseTo(4.8);
  });

  it('lies between the least and the most, and grows with q', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const found = quantile(list, q);
        expect(found).toBeGreaterThanOrEqual(Math.min(...list));
        expect(found).toBeLessThanOrEqual(Math.max(...list));
        expect(quantile(list, q / 2)).toBeLessThanOrEqual(found);
      }),
    );
  });

  it('leaves its input alone and refuses none', () => {
    const list = [3, 1, 2];
    quantile(list, 0.5);
    expect(list).toEqual([3, 1, 2]);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});

describe('speedOf', () => {
  it('is below 1 for a subject that is slower than its floor, in either unit', () => {
    expect(speedOf('blobs/s', 50, 100)).toBe(0.5);
    expect(speedOf('ms', 20, 10)).toBe(0.5);
  });
});

describe('orderOf', () => {
  it('names everyone once, and lets everyone begin in turn', () => {
    expect(orderOf(0, 3)).toEqual([0, 1, 2]);
    expect([0, 1, 2, 3].map((round) => orderOf(round, 3)[0])).toEqual([0, 1, 2, 0]);
    expect(orderOf(7, 4).toSorted()).toEqual([0, 1, 2, 3]);
  });
});

describe('summarise', () => {
  it('compares within each round, so that a slow moment of the machine changes no ratio', () => {
    const slow = [1, 10, 0.1];
    const rounds = slow.map((factor) => [{ samples: [60 * factor] }, { samples: [120 * factor] }]);
    const { value, floors } = summarise('blobs/s', 0.5, ['subject', 'floor'], rounds);
    expect(value).toBe(60);
    expect(floors).toEqual([{ name: 'floor', value: 120, speed: 0.5, range: [0.5, 0.5] }]);
  });

  it('takes the quantile in each round, then the median of the rounds', () => {
    const trial = (least: number) => ({ samples: [least, least + 1, least + 2] });
    const rounds = [
      [trial(10), trial(5)],
      [trial(100), trial(50)],
      [trial(20), trial(11)],
    ];
    const { value, floors } = summarise('ms', 1, ['subject', 'floor'], rounds);
    expect(value).toBe(22);
    expect(floors[0]?.value).toBe(13);
    expect(floors[0]?.speed).toBeCloseTo(7 / 12);
    const halves = [(52 / 102 + 7 / 12) / 2, (7 / 12 + 13 / 22) / 2];
    expect(floors[0]?.range.map((speed) => speed.toFixed(6))).toEqual(
      halves.map((speed) => speed.toFixed(6)),
    );
  });
});

describe('summariseParts', () => {
  it('takes medians over all repetitions of all rounds', () => {
    const trials = [
      { samples: [], parts: { seal: [1, 2], open: [9, 9] } },
      { samples: [], parts: { seal: [30], open: [3] } },
    ];
    expect(summariseParts(trials)).toEqual({ seal: 2, open: 9 });
    expect(summariseParts([{ samples: [1] }])).toEqual({});
  });
});
