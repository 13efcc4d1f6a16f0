import { expect, test } from 'vitest';
import { UserFault } from '../src/faults.ts';
import { statsText, wipeQuestion } from '../src/render/blobs.ts';
import { bytesText } from '../src/render/bytes.ts';
import { statusText } from '../src/render/status.ts';
import type { StatusSources } from '../src/services/status.ts';
import { isWhole, rounded, serverStatus } from '../src/services/status.ts';
import { blobStats, expireBlobs, wipeBlobs } from '../src/services/stored-blobs.ts';
import { confirm } from '../src/terminal/confirm.ts';
import { typingTerminal } from './support/terminal.ts';

const NOW = 1_800_000_000;
const DAYS = [
  { day: 20_833, blobs: 3 },
  { day: 20_834, blobs: 1 },
];

function fakeStore() {
  const removed: string[] = [];
  return {
    removed,
    countByDay: async () => DAYS,
    removeBlobs: async (which: 'expired' | 'all', onRemoved?: (sum: number) => void) => {
      removed.push(which);
      for (const sum of [3, 5]) onRemoved?.(sum);
      return 5;
    },
  };
}

test('stats: by day, count and bytes', async () => {
  const stats = await blobStats(fakeStore());
  expect(stats).toEqual({
    days: [
      { day: '2027-01-15', blobs: 3, bytes: 196_608 },
      { day: '2027-01-16', blobs: 1, bytes: 65_536 },
    ],
    blobs: 4,
    bytes: 262_144,
  });
  expect(statsText(stats)).toBe(
    'The relay stores 4 blobs, 256 KiB.\n\n' +
      '  EXPIRE ON   BLOBS  SIZE\n  2027-01-15  3      192 KiB\n  2027-01-16  1      64 KiB\n',
  );
  expect(statsText({ days: [], blobs: 0, bytes: 0 })).toBe('The relay stores no blobs.\n');
});

test('wipe asks with the numbers, removes only after a yes, and progress never passes its total', async () => {
  const store = fakeStore();
  const told: [done: number, total: number][] = [];
  const onProgress = (done: number, total: number) => told.push([done, total]);
  const wipe = (...typed: string[]) => {
    const { terminal, shown } = typingTerminal(...typed);
    const ask = (stats: Parameters<typeof wipeQuestion>[0]) => confirm(wipeQuestion(stats), false, terminal);
    return { done: wipeBlobs(store, { confirm: ask, onProgress }), shown };
  };
  const refused = wipe('y\n');
  await expect(refused.done).rejects.toMatchObject({ code: 'not_confirmed' });
  expect(refused.shown()).toContain('This removes 4 blobs (256 KiB)');
  expect(store.removed).toEqual([]);
  expect(await wipe('yes\n').done).toBe(5);
  expect(store.removed).toEqual(['all']);
  // One came while the others went.
  expect(told).toEqual([
    [3, 4],
    [5, 5],
  ]);
});

test.each([
  [9, ['3/9', '5/9', '5/5']],
  [4, ['3/4', '5/5', '5/5']],
])(
  'expire-now tells how far it is, of %i that had expired before, and ends at its end',
  async (expired, told) => {
    const totals = async () => ({ members: 2, blobs: 1, expired, databaseBytes: 1 });
    const said: string[] = [];
    const store = { ...fakeStore(), totals };
    expect(await expireBlobs(store, (done, total) => said.push(`${done}/${total}`))).toBe(5);
    expect([store.removed, said]).toEqual([['expired'], told]);
  },
);

test('numbers are rounded, so that one more does not show', () => {
  expect([0, 7, 42, 99, 1_234, 1_249, 98_765].map(rounded)).toEqual([0, 7, 42, 99, 1_200, 1_200, 99_000]);
});

test('sizes', () => {
  expect([0, 1, 1_023, 1_024, 65_536, 1_610_612_736, 2 ** 60].map(bytesText)).toEqual([
    '0 B',
    '1 B',
    '1023 B',
    '1 KiB',
    '64 KiB',
    '1.5 GiB',
    '1048576 TiB',
  ]);
});

const sources: StatusSources = {
  now: () => NOW,
  totals: async () => ({ members: 20, blobs: 1_234, expired: 3, databaseBytes: 104_857_600 }),
  secrets: async (now) => ({
    now,
    secrets: [
      { generation: 1, state: 'accepted', mintFrom: NOW - 900_000, dies: NOW + 100 },
      { generation: 2, state: 'minting', mintFrom: NOW - 86_400 * 3, dies: undefined },
    ],
  }),
  disk: async () => ({ bavail: 25, blocks: 100, bsize: 1_073_741_824 }),
};

test('status: sums, rounded', async () => {
  const status = await serverStatus(sources);
  expect(isWhole(status)).toBe(true);
  expect(statusText(status)).toBe(
    [
      '  at        2027-01-15T08:00:00Z',
      '  members   20',
      '  blobs     about 1200, and about 3 expired that wait for the worker',
      '  database  100 MiB on disk',
      '  disk      25 GiB free of 100 GiB (25 %)',
      '  TURN      2 secrets alive; the one in use is 3 days old',
      '',
    ].join('\n'),
  );
});

test('status: what is away is named and hides nothing else; a bug is none of it', async () => {
  const away = async () => {
    throw new UserFault('database_url', 'It is away.');
  };
  const status = await serverStatus({ ...sources, totals: away, secrets: away });
  expect(isWhole(status)).toBe(false);
  expect(statusText(status)).toMatch(/database {2}It is away\.\n {2}disk .*\n {2}TURN {6}It is away\.\n$/);
  const bug = async () => {
    throw new TypeError('bug');
  };
  await expect(serverStatus({ ...sources, totals: bug })).rejects.toThrow('bug');
});
