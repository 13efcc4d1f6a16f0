import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRefusals } from '../src/http/refusals.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A response, and what became of it. */
function makeResponse() {
  const response = Object.assign(new EventEmitter(), {
    became: [] as string[],
    destroy: () => response.became.push('closed'),
    answer: () => response.became.push('answered'),
  });
  return response;
}

function setUp() {
  const refusals = createRefusals(1_000);
  const hold = () => {
    const response = makeResponse();
    refusals.hold(response, response.answer);
    return response;
  };
  return { refusals, hold };
}

test('a refusal is given after a while, once', () => {
  const { hold } = setUp();
  const response = hold();
  vi.advanceTimersByTime(999);
  expect(response.became).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(response.became).toEqual(['answered']);
});

test('so many wait at once, and those beyond are closed; one that goes makes room, and gets no answer', () => {
  const { hold } = setUp();
  const waiting = Array.from({ length: 256 }, hold);
  expect(hold().became).toEqual(['closed']);
  waiting[7]?.emit('close');
  const next = hold();
  expect([next.became, hold().became]).toEqual([[], ['closed']]);
  vi.advanceTimersByTime(1_000);
  expect([next.became, waiting[6]?.became, waiting[7]?.became]).toEqual([['answered'], ['answered'], []]);
  expect(Array.from({ length: 256 }, hold).flatMap(({ became }) => became)).toEqual([]);
});

test('whoever stops answers all that wait, and lets nobody wait any more', () => {
  const { refusals, hold } = setUp();
  const waiting = [hold(), hold()];
  refusals.close();
  expect([...waiting, hold()].map(({ became }) => became)).toEqual(Array(3).fill(['answered']));
  vi.advanceTimersByTime(10_000);
  expect(waiting[0]?.became).toEqual(['answered']);
});
