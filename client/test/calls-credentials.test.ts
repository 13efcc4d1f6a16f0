import { RelayError } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { Credentials } from '../src/state/calls/credentials.ts';
import { RoomClock } from './support/room-clock.ts';

/** Seconds that credentials live for. */
const LIFE = 600;

function bench() {
  const clock = new RoomClock();
  const world = {
    fetched: 0,
    fault: undefined as RelayError | undefined,
    /** Answers come only when this is fulfilled. */
    slowly: undefined as Promise<void> | undefined,
    renewed: [] as (string | undefined)[],
  };
  const credentials = new Credentials({
    now: clock.now,
    after: clock.after,
    fetch: async () => {
      const username = `user ${++world.fetched}`;
      await world.slowly;
      if (world.fault !== undefined) throw world.fault;
      return { urls: ['turn:turn.example'], username, credential: 'secret', expiresIn: LIFE };
    },
    renewed: ([server]) => world.renewed.push(server?.username),
  });
  const userNow = async () => (await credentials.servers())[0]?.username;
  return { clock, world, credentials, userNow };
}

describe('credentials', () => {
  it('are fetched once for all that ask at the same time, and again for the last quarter of their life', async () => {
    const { clock, userNow } = bench();
    expect(await Promise.all([userNow(), userNow()])).toEqual(['user 1', 'user 1']);
    await clock.pass(LIFE * 740);
    expect(await userNow()).toBe('user 1');
    await clock.pass(LIFE * 20);
    expect(await userNow()).toBe('user 2');
  });

  it('are asked for again where they were refused', async () => {
    const { world, userNow } = bench();
    world.fault = new RelayError('turn_unavailable');
    await expect(userNow()).rejects.toMatchObject({ code: 'turn_unavailable' });
    world.fault = undefined;
    expect(await userNow()).toBe('user 2');
  });

  it('are renewed by themselves in a call alone', async () => {
    const { clock, world, credentials } = bench();
    credentials.keep(true);
    await clock.pass(LIFE * 2_000);
    expect(world.renewed).toEqual(['user 1', 'user 2', 'user 3']);
    credentials.keep(false);
    await clock.pass(LIFE * 5_000);
    expect([world.fetched, clock.waits]).toEqual([3, 0]);
  });

  it('are tried for again every ten seconds while the relay has none', async () => {
    const { clock, world, credentials } = bench();
    world.fault = new RelayError('turn_unavailable');
    credentials.keep(true);
    await clock.pass(25_000);
    expect([world.fetched, world.renewed]).toEqual([3, []]);
    world.fault = undefined;
    await clock.pass(10_000);
    expect(world.renewed).toEqual(['user 4']);
    await clock.pass(LIFE * 700);
    expect(world.fetched).toBe(4);
  });

  it('have one timer, also where a call ends and another begins while the relay is slow', async () => {
    const { clock, world, credentials } = bench();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.slowly = promise;
    credentials.keep(true);
    await clock.pass(1);
    credentials.keep(false);
    credentials.keep(true);
    await clock.pass(1);
    resolve();
    await clock.pass(1);
    expect([world.fetched, clock.waits]).toEqual([1, 1]);
    credentials.keep(false);
    await clock.pass(1);
    expect(clock.waits).toBe(0);
  });
});
