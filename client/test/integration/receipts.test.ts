import { describe, expect, it } from 'vitest';
import { TestClock } from '../support/clock.ts';
import { contentOf, mailboxOf } from '../support/hostile.ts';
import type { TestMember } from '../support/member.ts';
import { circleOf } from '../support/pages.ts';

describe('receipts', () => {
  const { circle, page } = circleOf(3);

  /** A page whose timers a test runs. */
  async function clocked(number: number, isOn = true) {
    const clock = new TestClock(Date.now());
    const member = await page(number, { parts: { after: clock.after } });
    if (isOn) member.messenger.actions.changeSettings({ readReceipts: true });
    await member.until(({ settings }) => settings.readReceipts === isOn);
    return { member, clock };
  }
  const delivery = (member: TestMember, where: number | string) => member.messages(where)[0]?.delivery;
  const read = (member: TestMember, where: string) => member.messenger.actions.markRead(where);

  it('tell the author, some time later, where both allow it', async () => {
    const [{ member: one }, { member: two, clock }] = [await clocked(1), await clocked(2)];
    await one.send(2, 'a');
    await two.until(() => two.texts(1).length === 1);
    read(two, two.with(1).id);
    clock.pass(9_000);
    await two.until(({ outboxCount }) => outboxCount === 0);
    expect(await mailboxOf(circle(), 1)).toEqual([]);
    clock.pass(31_000);
    await one.until(() => delivery(one, 2) === 'read');
    expect(await contentOf(circle(), 1)).toEqual(['receipt']);
    expect(one.messages(2)[0]?.recipients).toMatchObject([{ contact: { number: 2 }, delivery: 'read' }]);
    // It is no message: nothing is unread, and there is no gap.
    expect([one.texts(2), one.with(2).unread]).toEqual([['*a'], 0]);
  });

  it('ride along with an answer, in the same blob', async () => {
    const [{ member: one }, { member: two }] = [await clocked(1), await clocked(2)];
    await one.send(2, 'a');
    await two.until(() => two.texts(1).length === 1);
    read(two, two.with(1).id);
    await two.send(1, 'b');
    await one.until(() => delivery(one, 2) === 'read');
    await one.until(() => one.texts(2).length === 2);
    expect(await contentOf(circle(), 1)).toEqual(['receipt', 'text b']);
    expect((await mailboxOf(circle(), 1)).length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['reader', true, false],
    ['author', false, true],
  ])('are not shown when the %s does not allow it', async (_, authorOn, readerOn) => {
    const { member: one } = await clocked(1, authorOn);
    const { member: two, clock } = await clocked(2, readerOn);
    await one.send(2, 'a');
    await two.until(() => two.texts(1).length === 1);
    read(two, two.with(1).id);
    clock.pass(40_000);
    await two.send(1, 'b');
    await one.until(() => one.texts(2).length === 2);
    expect(delivery(one, 2)).toBe('sent');
    const content = await contentOf(circle(), 1);
    expect(content.includes('receipt')).toBe(readerOn);
  });

  it('of a group go to the author alone, and show who read', async () => {
    const { member: one } = await clocked(1);
    const { member: two, clock } = await clocked(2);
    const { member: three } = await clocked(3);
    const made = await one.messenger.actions.createGroup('Choir', circle().keyHashes.slice(1));
    const group = 'id' in made ? made.id : '';
    await one.sendTo(group, 'a');
    for (const member of [two, three])
      await member.until(() => member.has(group) && member.messages(group).length === 1);
    const before = await mailboxOf(circle(), 3);
    read(two, group);
    clock.pass(40_000);
    await one.until(() => one.messages(group)[0]?.recipients[0]?.delivery === 'read');
    expect(one.messages(group)[0]?.recipients.map(({ delivery }) => delivery)).toEqual(['read', 'sent']);
    expect(delivery(one, group)).toBe('sent');
    expect(await mailboxOf(circle(), 3)).toEqual(before);
    expect(three.state().notices).toEqual([]);
  });

  it('that wait are told when the page goes', async () => {
    const [{ member: one }, { member: two }] = [await clocked(1), await clocked(2)];
    await one.send(2, 'a');
    await two.until(() => two.texts(1).length === 1);
    read(two, two.with(1).id);
    await two.messenger.actions.lock();
    const again = await page(2, { store: two.store });
    await again.sent();
    await one.until(() => delivery(one, 2) === 'read');
  });
});
