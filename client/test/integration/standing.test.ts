import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';
import { mailboxOf } from '../support/hostile.ts';
import type { TestMember } from '../support/member.ts';
import { AT_ONCE, closeAll, openMember } from '../support/member.ts';

describe('a circle from which the operator removes somebody', () => {
  let circle: TestCircle;
  const open: TestMember[] = [];
  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'));
  });
  afterEach(async () => {
    await closeAll(...open.splice(0));
    await circle.allow(1, 2, 3);
    await circle.sql('DELETE FROM blob');
  });
  afterAll(() => circle.close());

  async function page(number: number, options: Parameters<typeof openMember>[2] = {}): Promise<TestMember> {
    const member = await openMember(circle, number, options);
    open.push(member);
    await member.online();
    return member;
  }
  const deliveries = (member: TestMember, peer: number) =>
    member.messages(peer).map(({ text, delivery }) => `${text} ${delivery}`);

  async function failedMessage(text = 'lost') {
    const one = await page(1, { config: AT_ONCE });
    await circle.allow(1, 3);
    await one.send(2, text);
    await one.until(() => one.messages(2)[0]?.delivery === 'failed');
    return one;
  }

  it('says in words that a message cannot be delivered, also after a reload', async () => {
    const one = await failedMessage();
    expect(one.messages(2)[0]?.deliveryFault).toMatchObject({ code: 'recipient_unknown' });
    expect(one.messages(2)[0]?.deliveryFault?.message).toMatch(/operator/);
    await one.send(3, 'others still get theirs');
    await one.until(({ outboxCount }) => outboxCount === 1);
    await one.messenger.actions.lock();
    const reloaded = await page(1, { store: one.store, config: AT_ONCE });
    expect(deliveries(reloaded, 2)).toEqual(['lost failed']);
    expect(deliveries(reloaded, 3)).toEqual(['others still get theirs sent']);
  });

  it.each(['short', 'long '.repeat(20_000)])(
    'delivers it when it is tried again and the recipient is back',
    async (text) => {
      const one = await failedMessage(text);
      await one.messenger.actions.lock();
      const reloaded = await page(1, { store: one.store, config: AT_ONCE });
      const { key } = reloaded.messages(2)[0] as { key: string };
      await reloaded.until(() => reloaded.messages(2)[0]?.text === text);
      await reloaded.messenger.actions.retry(key);
      // The state shows in the next task that it waits again; what is shown now is the fault of before.
      await new Promise((resolve) => setTimeout(resolve));
      await reloaded.until(() => reloaded.messages(2)[0]?.delivery === 'failed');
      await circle.allow(1, 2, 3);
      const again = reloaded.messages(2)[0]?.key ?? '';
      await Promise.all([reloaded.messenger.actions.retry(again), reloaded.messenger.actions.retry(again)]);
      await reloaded.sent();
      expect(deliveries(reloaded, 2)).toEqual([`${text} sent`]);
      await reloaded.send(2, 'next');
      const two = await page(2);
      await two.until(() => two.texts(1).length === 2 && two.messages(1)[0]?.text !== undefined);
      expect(two.texts(1)).toEqual([text, 'next']);
      // What was logged of the attempt that failed does not mislead a client that knows nothing.
      await expect.poll(() => one.store.keys()).toEqual([]);
      const fresh = await page(1);
      await fresh.until(() => fresh.texts(2).length === 2 && fresh.messages(2)[0]?.text !== undefined);
      expect(fresh.texts(2)).toEqual([`*${text}`, '*next']);
      expect(two.state().notices).toEqual([]);
    },
  );

  it('forgets it when it is discarded: here, after a reload, and on another machine', async () => {
    const one = await failedMessage();
    await one.send(3, 'kept');
    await one.until(({ outboxCount }) => outboxCount === 1);
    const { key } = one.messages(2)[0] as { key: string };
    await one.messenger.actions.discard(key);
    await one.sent();
    await one.until(() => one.texts(2).length === 0);
    await expect.poll(() => one.store.keys()).toEqual([]);
    await circle.allow(1, 2, 3);
    const others = [await page(1, { store: one.store }), await page(1)];
    for (const other of others) expect([other.texts(2), other.texts(3)]).toEqual([[], ['*kept']]);
    await one.send(2, 'next');
    const two = await page(2);
    await two.until(() => two.texts(1).at(-1) === 'next');
    // The chain names what never came: the recipient is told so.
    expect(two.texts(1)).toEqual(['(missing 1)', 'next']);
  });

  it('leaves alone what has not failed', async () => {
    const one = await page(1);
    await one.send(2, 'sent');
    await one.sent();
    const { key } = one.messages(2)[0] as { key: string };
    await one.messenger.actions.retry(key);
    await one.messenger.actions.discard(key);
    await one.send(2, 'next');
    await one.sent();
    expect(deliveries(one, 2)).toEqual(['sent sent', 'next sent']);
    expect(await mailboxOf(circle, 2)).toHaveLength(2);
  });

  it('writes a message anew when it is tried again after a day: the old one would be refused', async () => {
    let late = 0;
    const one = await page(1, { config: AT_ONCE, parts: { now: () => Date.now() - 25 * 3_600_000 + late } });
    await circle.allow(1, 3);
    await one.send(2, 'old');
    await one.until(() => one.messages(2)[0]?.delivery === 'failed');
    await circle.allow(1, 2, 3);
    late = 25 * 3_600_000;
    const [before] = one.messages(2);
    await one.messenger.actions.retry(before?.key ?? '');
    await one.sent();
    expect(deliveries(one, 2)).toEqual(['old sent']);
    expect(one.messages(2)[0]?.key).not.toBe(before?.key);
    const two = await page(2);
    expect(two.messages(1).map(({ text }) => text)).toEqual(['old']);
    expect(Date.now() - (two.messages(1)[0]?.at ?? 0)).toBeLessThan(3_600_000);
    expect(two.state().notices).toEqual([]);
  });

  it('refuses the member itself at once, with its socket, and takes it back', async () => {
    const one = await page(1);
    await circle.allow(2, 3);
    await one.until(({ connection }) => connection.status === 'refused');
    expect(one.state().connection).toMatchObject({
      fault: { code: 'unauthenticated', message: expect.any(String) },
    });
    await one.send(2, 'waits');
    expect(deliveries(one, 2)).toEqual(['waits waiting']);
    await circle.allow(1, 2, 3);
    one.messenger.actions.reconnect();
    await one.sent();
    expect((await page(2)).texts(1)).toEqual(['waits']);
  });
});
