import { expect, test } from 'vitest';
import { scheduleJson, scheduleText } from '../src/render/turn-schedule.ts';
import { turnSchedule } from '../src/services/turn-schedule.ts';

test('the next turns, soonest first, at the time that the schedule says', async () => {
  const schedule = await turnSchedule('17 4 * * 1', 3);
  const turns = schedule.next.map((at) => new Date(at * 1_000));
  expect(turns.map((at) => [at.getUTCDay(), at.getUTCHours(), at.getUTCMinutes()])).toEqual(
    Array(3).fill([1, 4, 17]),
  );
  expect(schedule.next.slice(1).map((at, i) => at - (schedule.next[i] ?? 0))).toEqual([604_800, 604_800]);
  expect(schedule.next[0]).toBeGreaterThan(schedule.now);
});

test('as text, and as JSON', () => {
  const schedule = { now: 1_800_000_000, schedule: '0 9 * * *', next: [1_800_003_600, 1_800_090_000] };
  expect(scheduleText(schedule)).toBe(
    'TURN secrets rotate by the schedule 0 9 * * * (UTC), next:\n\n' +
      '  2027-01-15T09:00:00Z, in 60 minutes\n  2027-01-16T09:00:00Z, in 25 hours\n',
  );
  expect(scheduleJson(schedule).next).toEqual(['2027-01-15T09:00:00Z', '2027-01-16T09:00:00Z']);
  expect(scheduleText({ now: 0, schedule: 'off', next: [] })).toContain('the schedule is off');
});

test('off, and what is no schedule', async () => {
  expect(await turnSchedule('off', 3, 5)).toEqual({ now: 5, schedule: 'off', next: [] });
  await expect(turnSchedule('weekly', 3)).rejects.toMatchObject({ code: 'usage' });
});
