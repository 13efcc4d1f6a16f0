import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLimiter } from '../src/limits/limiter.ts';

const allowance = { burst: 20, refillSeconds: 30 };

function attempt(work: () => void): { code: string; retryAfter: number } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as { code: string; retryAfter: number };
  }
}

function setUp() {
  const clock = { now: 1_000_000 };
  const limiter = createLimiter(allowance, () => clock.now);
  const takes = (member: string, times: number) =>
    Array.from({ length: times }, () => attempt(() => limiter.take(member)));
  return { clock, limiter, takes };
}

test('a member gets its allowance at once, then one more each half minute', () => {
  const { clock, takes } = setUp();
  expect(takes('a', 20)).toEqual(Array(20).fill(undefined));
  expect(takes('a', 1)[0]).toMatchObject({ code: 'rate_limited', retryAfter: 30 });
  clock.now += 29_001;
  expect(takes('a', 1)[0]).toMatchObject({ retryAfter: 1 });
  clock.now += 999;
  expect(takes('a', 2).map((fault) => fault?.retryAfter)).toEqual([undefined, 30]);
});

test('several turns at once cost as many', () => {
  const { clock, limiter, takes } = setUp();
  expect(attempt(() => limiter.take('a', 18))).toBeUndefined();
  expect(attempt(() => limiter.take('a', 3))).toMatchObject({ code: 'rate_limited', retryAfter: 30 });
  expect(takes('a', 2)).toEqual([undefined, undefined]);
  clock.now += 90_000;
  expect(attempt(() => limiter.take('a', 3))).toBeUndefined();
});

test('what is owed is waited for, and never refused', () => {
  const { clock, limiter, takes } = setUp();
  expect([limiter.owe('a', 20), limiter.owe('a', 1.5), limiter.owe('a', 1)]).toEqual([0, 45_000, 75_000]);
  expect(takes('a', 1)[0]).toMatchObject({ code: 'rate_limited', retryAfter: 105 });
  expect(limiter.owe('b', 1)).toBe(0);
  clock.now += 75_000;
  expect(limiter.owe('a', 0)).toBe(0);
  expect(limiter.owe('a', 1)).toBe(30_000);
});

test('members have their own', () => {
  const { takes } = setUp();
  takes('a', 21);
  expect(takes('b', 20)).toEqual(Array(20).fill(undefined));
});

test('who has its whole allowance is forgotten', () => {
  const { clock, limiter, takes } = setUp();
  takes('a', 1);
  takes('b', 20);
  expect(limiter.size()).toBe(2);
  clock.now += 30_000;
  takes('c', 1);
  expect(limiter.size()).toBe(2);
});

test('whoever waits as long as it is told gets one, and never more than the allowance', () => {
  let refusals = 0;
  const pause = fc.oneof({ weight: 4, arbitrary: fc.nat(20_000) }, fc.nat(100_000));
  fc.assert(
    fc.property(fc.array(pause, { minLength: 25, maxLength: 200 }), (pauses) => {
      const { clock, takes } = setUp();
      const granted: number[] = [];
      for (const pause of pauses) {
        clock.now += pause;
        const [fault] = takes('a', 1);
        if (fault === undefined) granted.push(clock.now);
        else {
          refusals++;
          clock.now += fault.retryAfter * 1000;
          expect(takes('a', 1)).toEqual([undefined]);
          granted.push(clock.now);
        }
      }
      granted.forEach((at, i) => {
        const earlier = granted[i - 20];
        if (earlier !== undefined) expect(at - earlier).toBeGreaterThanOrEqual(30_000);
      });
    }),
  );
  expect(refusals).toBeGreaterThan(0);
});

test('a clock that is set back locks nobody out for longer than an allowance takes', () => {
  const { clock, takes } = setUp();
  takes('a', 20);
  clock.now -= 900_000;
  expect(takes('a', 1)[0]?.retryAfter).toBe(30);
});

test('a clock that is set back costs nobody what it has left', () => {
  const { clock, takes } = setUp();
  takes('a', 1);
  clock.now -= 900_000;
  expect(takes('a', 19)).toEqual(Array(19).fill(undefined));
  clock.now += 30_000;
  expect(takes('a', 2).map((fault) => fault?.retryAfter)).toEqual([undefined, 30]);
});
