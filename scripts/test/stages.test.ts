import { describe, expect, it } from 'vitest';
import { judge, NO_TESTS, readReport } from '../stages.ts';

describe('judge', () => {
  it('passes a run with passed tests alone', () => {
    expect(judge(true, { passed: 3, failed: 0, skipped: 0 }, true)).toEqual({
      ok: true,
      counts: { passed: 3, failed: 0, skipped: 0 },
    });
  });

  it('fails a run that tested nothing, and counts it', () => {
    expect(judge(true, NO_TESTS, false)).toEqual({ ok: false, counts: { passed: 0, failed: 1, skipped: 0 } });
    expect(judge(true, { passed: 0, failed: 0, skipped: 4 }, false).ok).toBe(false);
  });

  it('fails a run with failed tests, counting just those', () => {
    expect(judge(false, { passed: 1, failed: 2, skipped: 0 }, false)).toEqual({
      ok: false,
      counts: { passed: 1, failed: 2, skipped: 0 },
    });
  });

  it('counts a failure that no test stands for', () => {
    expect(judge(false, { passed: 5, failed: 0, skipped: 0 }, false).counts.failed).toBe(1);
  });

  it('fails skipped tests only when strict', () => {
    const counts = { passed: 5, failed: 0, skipped: 1 };
    expect(judge(true, counts, false).ok).toBe(true);
    expect(judge(true, counts, true).ok).toBe(false);
  });
});

it('reads no tests from a missing report', () => {
  expect(readReport('/nowhere/report.json')).toEqual(NO_TESTS);
});
