import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Soon } from '../src/state/soon.ts';

describe('work that is done soon', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is done once, at the earliest time that was asked for', () => {
    const work = vi.fn();
    const soon = new Soon(work);
    soon.within(200);
    vi.advanceTimersByTime(50);
    soon.within(200);
    soon.within(10);
    soon.within(100);
    vi.advanceTimersByTime(9);
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('is not put off by being asked for again and again', () => {
    const work = vi.fn();
    const soon = new Soon(work);
    for (let i = 0; i < 10; i++) {
      soon.within(200);
      vi.advanceTimersByTime(50);
    }
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('can be asked for by itself, and called off', () => {
    let count = 0;
    const soon: Soon = new Soon(() => {
      if (++count === 1) soon.within(0);
    });
    soon.within(0);
    vi.advanceTimersByTime(1);
    expect(count).toBe(2);
    soon.within(5);
    soon.cancel();
    vi.advanceTimersByTime(10);
    expect(count).toBe(2);
  });
});
