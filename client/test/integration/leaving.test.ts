import { MAX_BLOB_LIFE_HOURS } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { mailboxOf } from '../support/hostile.ts';
import { circleOf } from '../support/pages.ts';

const HOUR = 3_600_000;

describe('a member who was away for longer than blobs live', () => {
  const { circle, page } = circleOf(3);

  it('is told since when, misses what expired as such and nothing that came later, and can go on', async () => {
    let late = 0;
    const parts = { now: () => Date.now() + late };
    await circle().stopRelay();
    await circle().startRelay({ now: parts.now });
    const one = await page(1, { parts });
    const two = await page(2, { parts });
    await one.send(2, 'before');
    await two.until(() => two.texts(1).length === 1);
    await two.messenger.actions.lock();
    await one.send(2, 'missed');
    await one.sent();
    const left = Date.now();
    await one.messenger.actions.lock();
    late = (MAX_BLOB_LIFE_HOURS + 2) * HOUR;
    const later = await page(1, { parts, store: one.store });
    const back = await page(2, { parts, store: two.store });
    expect(Math.abs((back.state().absentSince ?? 0) - left)).toBeLessThanOrEqual(HOUR);
    expect(back.texts(1)).toEqual([]);
    back.messenger.actions.dismissAbsence();
    await back.until(({ absentSince }) => absentSince === undefined);
    await later.send(2, 'after');
    await back.until(() => back.texts(1).at(-1) === 'after');
    await back.send(1, 'here again');
    await later.until(() => later.texts(2).at(-1) === 'here again');
    expect([later.state().notices, back.state().notices]).toEqual([[], []]);
  });

  it('sees that an answer names what has expired', async () => {
    let late = 0;
    const parts = { now: () => Date.now() + late };
    await circle().stopRelay();
    await circle().startRelay({ now: parts.now });
    const one = await page(1, { parts });
    await one.send(2, 'expires');
    await one.sent();
    late = (MAX_BLOB_LIFE_HOURS + 2) * HOUR;
    await one.send(2, 'stays');
    await one.sent();
    const two = await page(2, { parts });
    expect(two.texts(1)).toEqual(['(expired 1)', 'stays']);
  });
});

describe('panic', () => {
  const { circle, page } = circleOf(2);

  it('empties the mailbox, ends every session, clears the machine and locks', async () => {
    const [one, other, two] = [await page(1), await page(1), await page(2)];
    await two.send(1, 'secret');
    for (const window of [one, other]) await window.until(() => window.texts(2).length === 1);
    await one.send(2, 'mine');
    await one.sent();
    one.messenger.actions.setNickname(circle().keyHashes[1] as string, 'Nick');
    await expect.poll(() => one.store.setting('settings'), { timeout: 5_000 }).toBeDefined();
    expect(await mailboxOf(circle(), 1)).toHaveLength(1);
    expect(await one.messenger.actions.panic()).toBeUndefined();
    expect(one.state()).toMatchObject({ identity: { phase: 'absent' }, conversations: [] });
    expect(await mailboxOf(circle(), 1)).toEqual([]);
    expect([
      await one.store.keys(),
      await one.store.frameKeys(),
      await one.store.setting('settings'),
    ]).toEqual([[], [], undefined]);
    // What went to others is theirs.
    expect(await mailboxOf(circle(), 2)).toHaveLength(1);
    // The other window has lost its session, and only a new one lets it go on.
    const { rowCount } = await circle().sql("SELECT 1 FROM session WHERE key_hash = decode($1, 'hex')", [
      circle().keyHashes[0],
    ]);
    expect(rowCount).toBeLessThanOrEqual(1);
  });

  it('clears the machine also when the relay is away, and says what could not be done', async () => {
    const one = await page(1);
    await circle().stopRelay();
    await one.until(({ connection }) => connection.status === 'offline');
    await one.send(2, 'waits');
    expect(await one.store.keys()).toHaveLength(1);
    expect(await one.messenger.actions.panic()).toMatchObject({ code: expect.any(String) });
    expect(one.state().identity.phase).toBe('absent');
    expect(await one.store.keys()).toEqual([]);
  });
});
