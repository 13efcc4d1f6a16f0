import { expect, test } from 'vitest';
import type { DatabaseFacts } from '../src/doctor/facts.ts';
import { findingsFrom } from '../src/doctor/index.ts';
import { hostWith, wellFacts } from './support/doctor-facts.ts';

/** What is found on a disk with so many KiB free. */
function findings(freeKib: number, change: Partial<DatabaseFacts> = {}) {
  const database = { ...wellFacts().database, ...change } as DatabaseFacts;
  const host = hostWith(['disk', 'inodes'], [`disk=${freeKib} 100000000 /var/lib/docker`, 'inodes=12']);
  return findingsFrom(wellFacts({ host, database }), undefined);
}

test('what is advised for a full disk takes no container away', () => {
  const advice = findings(500_000).flatMap(({ level, mend }) => (level === 'fault' ? [mend] : []));
  expect(advice).toHaveLength(2);
  for (const mend of advice) expect(mend).toMatch(/^docker image prune; docker builder prune/);
});

test('a large database is made smaller only where the disk has room for what is alive once more', () => {
  const advice = (freeKib: number) =>
    findings(freeKib, { blobs: 100_000, bytes: 20_000_000_000 }).find(({ finding }) =>
      finding.endsWith('of blobs.'),
    )?.mend;
  expect(advice(10_000_000)).toContain("--command='VACUUM FULL blob'");
  expect(advice(8_000_000)).toMatch(/^none needed; giving it back takes 7\.0 GiB more/);
});
