import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge, NO_TESTS, readFailures, readReport } from '../stages.ts';

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

describe('readFailures', () => {
  function reported(testResults: object[]): string[] {
    const file = join(mkdtempSync(join(tmpdir(), 'relay-report-')), 'report.json');
    writeFileSync(file, JSON.stringify({ testResults }));
    try {
      return readFailures(file);
    } finally {
      rmSync(dirname(file), { recursive: true });
    }
  }

  it('names the tests that failed, and files in which none could run', () => {
    const a = { fullName: 'a one', status: 'passed' };
    const b = { fullName: 'a two', status: 'failed' };
    expect(
      reported([
        { name: join(process.cwd(), 'x/a.test.ts'), status: 'failed', assertionResults: [a, b] },
        { name: join(process.cwd(), 'x/b.test.ts'), status: 'failed', assertionResults: [] },
        { name: join(process.cwd(), 'x/c.test.ts'), status: 'passed', assertionResults: [a] },
      ]),
    ).toEqual(['x/a.test.ts > a two', 'x/b.test.ts']);
  });

  it('names none where there is no report', () => {
    expect(readFailures('/nowhere/report.json')).toEqual([]);
  });
});
