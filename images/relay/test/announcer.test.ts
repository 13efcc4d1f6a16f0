import { randomBytes } from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import { createAnnouncer } from '../src/events/announcer.ts';
import { CHANNELS, decodeArrivals } from '../src/events/channels.ts';
import { until } from './support/until.ts';

/** Stands for the database: remembers what was sent, and fails as often as told. */
function notifications(failures = 0) {
  const sent: { channel: string; arrivals: number }[] = [];
  let left = failures;
  const query = async (_text: string, [channel, payload]: [string, string]) => {
    await Promise.resolve();
    if (left-- > 0) throw new Error('Connection terminated unexpectedly');
    sent.push({ channel, arrivals: decodeArrivals(payload).length });
  };
  return { sent, announcer: createAnnouncer({ query } as never) };
}

const arrival = () => ({ mailbox: randomBytes(32), id: randomBytes(16), expiryHour: 500_000 });

test('what piles up during one statement goes with the next, at most a hundred', async () => {
  const { sent, announcer } = notifications();
  for (let i = 0; i < 250; i++) announcer.announce(arrival());
  await announcer.close();
  expect(sent.map(({ arrivals }) => arrivals)).toEqual([1, 100, 100, 49]);
  expect(new Set(sent.map(({ channel }) => channel))).toEqual(new Set([CHANNELS.arrivals]));
});

test('what comes just when the last statement has ended is sent as well', async () => {
  for (let turns = 0; turns < 8; turns++) {
    const sent: number[] = [];
    const query = async (_text: string, [, payload]: [string, string]) => {
      sent.push(decodeArrivals(payload).length);
      if (sent.length > 1) return;
      void (async () => {
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        announcer.announce(arrival());
      })();
    };
    const announcer = createAnnouncer({ query } as never);
    announcer.announce(arrival());
    await until('both were sent', () => sent.length === 2);
    expect(sent).toEqual([1, 1]);
    await announcer.close();
  }
});

test('after a failure everyone is owed a resync, and then all goes on', async () => {
  const { sent, announcer } = notifications(2);
  announcer.announce(arrival());
  await until('a resync was sent', () => sent.length === 1);
  expect(sent).toEqual([{ channel: CHANNELS.resync, arrivals: 0 }]);
  announcer.announce(arrival());
  await until('the arrival was sent', () => sent.length === 2);
  expect(sent.at(-1)).toEqual({ channel: CHANNELS.arrivals, arrivals: 1 });
  await announcer.close();
});

test('closing does not wait for a database that is away', async () => {
  const { sent, announcer } = notifications(1_000);
  announcer.announce(arrival());
  await announcer.close();
  expect(sent).toEqual([]);
});
