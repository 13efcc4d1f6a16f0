import { describe, expect, it } from 'vitest';
import { calling } from '../support/calling.ts';
import { AT_ONCE } from '../support/member.ts';

const { callers } = calling(4);

const WINDOWS = { config: AT_ONCE };

describe('a call', () => {
  it('rings in every window, and in none once one has taken it', async () => {
    const [one, left, right] = [await callers.page(1), await callers.page(2), await callers.page(2)];
    await one.call(2);
    await Promise.all([left.rings(), right.rings()]);
    expect([one, left, right].map(({ media }) => media.tones.at(-1))).toEqual([
      'outgoing',
      'incoming',
      'incoming',
    ]);
    expect(one.active?.phase).toBe('ringing');
    await left.accept();
    await Promise.all([one.connectedWith(2), left.connectedWith(1)]);
    await right.until(() => right.known?.isElsewhere);
    expect(right.known).toMatchObject({ phase: 'ongoing', isElsewhere: true });
    expect([one, left, right].map(({ media }) => media.tones.at(-1))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(one.active?.phase).toBe('ongoing');
    expect(right.media.captures).toEqual([]);
  });

  it('is declined in one window for all, which the caller is told', async () => {
    const [one, left, right] = [await callers.page(1), await callers.page(2), await callers.page(2)];
    await one.call(2);
    await Promise.all([left.rings(), right.rings()]);
    left.messenger.actions.declineCall(left.known?.id ?? '');
    await one.ended('declined');
    await right.until(() => right.media.tones.at(-1) === undefined);
    await one.until(() => one.items(2)[0]?.outcome === 'declined');
    await right.until(() => right.items(1)[0]?.outcome === 'declined');
    expect(one.media.open).toEqual([]);
  });

  it('is silenced in one window alone', async () => {
    const [one, left, right] = [await callers.page(1), await callers.page(2), await callers.page(2)];
    await one.call(2);
    await Promise.all([left.rings(), right.rings()]);
    left.messenger.actions.silenceCall(left.known?.id ?? '');
    await left.until(() => left.known?.phase === 'ongoing');
    expect([left, right].map(({ media }) => media.tones.at(-1))).toEqual([undefined, 'incoming']);
  });

  it('finds who is in another one busy', async () => {
    const [one, two, three] = [await callers.page(1), await callers.page(2), await callers.page(3)];
    await one.call(2);
    await two.rings();
    await two.accept();
    await two.connectedWith(1);
    await three.call(2);
    await three.ended('busy');
    expect(two.active?.phase).toBe('ongoing');
    await two.until(() => two.items(3)[0]?.outcome === 'missed');
  });

  it('that nobody takes is unanswered here and missed there, in later windows too', async () => {
    const [one, two] = [await callers.page(1), await callers.page(2)];
    await one.call(2);
    await two.rings();
    one.skew = 46_000;
    await one.ended('unanswered');
    await two.until(() => two.known === undefined && two.items(1)[0]?.outcome === 'missed');
    expect(two.media.tones.at(-1)).toBeUndefined();
    await one.until(({ outboxCount }) => outboxCount === 0 && one.items(2)[0]?.outcome === 'unanswered');
    const later = await callers.page(2);
    await later.until(() => later.items(1)[0]?.outcome === 'missed');
    expect(later.items(1)).toMatchObject([{ own: false, author: { number: 1 } }]);
  });

  it('rings at who is added, whoever adds them and however long it has gone on', async () => {
    const one = await callers.page(1);
    const [two, three, four] = [await callers.page(2), await callers.page(3), await callers.page(4)];
    await one.call(2, 3);
    for (const caller of [two, three]) {
      await caller.rings();
      await caller.accept();
    }
    await Promise.all([two.connectedWith(1, 3), three.connectedWith(1, 2)]);
    // Nobody is left who began it, and made it ring.
    one.messenger.actions.leaveCall();
    await two.until(() => two.other(1)?.presence === 'left');
    const added = two.with(4).members.find(({ number }) => number === 4)?.id ?? '';
    await two.act(two.messenger.actions.addToCall([added]));
    await four.rings();
    await four.accept();
    await Promise.all([four.connectedWith(2, 3), three.connectedWith(2, 4)]);
    expect(three.other(4)?.addedBy?.number).toBe(2);
  });

  it('that is given up before an answer rings no more', async () => {
    const [one, two] = [await callers.page(1), await callers.page(2)];
    await one.call(2);
    await two.rings();
    one.messenger.actions.leaveCall();
    await one.ended('left');
    await two.until(() => two.known === undefined && two.items(1)[0]?.outcome === 'missed');
    expect([one.media.tones.at(-1), two.media.tones.at(-1)]).toEqual([undefined, undefined]);
    await one.until(() => one.items(2)[0]?.outcome === 'unanswered');
  });

  it('ends for the last when the other leaves, and tells later windows how long it took', async () => {
    const [one, two] = [await callers.page(1, WINDOWS), await callers.page(2)];
    await one.call(2);
    await two.rings();
    await two.accept();
    await Promise.all([one.connectedWith(2), two.connectedWith(1)]);
    for (const caller of [one, two]) caller.skew = 70_000;
    two.messenger.actions.leaveCall();
    await one.ended('alone');
    expect([...one.media.open, ...two.media.open]).toEqual([]);
    await Promise.all([one.sent(), two.sent()]);
    const later = await callers.page(2);
    for (const [caller, other] of [
      [one, 2],
      [two, 1],
      [later, 1],
    ] as const) {
      await caller.until(() => (caller.items(other)[0]?.seconds ?? 0) >= 70);
      expect(caller.items(other)).toMatchObject([{ outcome: 'answered' }]);
    }
    one.messenger.actions.dismissCall();
    await one.until(() => one.active === undefined);
  });
});
