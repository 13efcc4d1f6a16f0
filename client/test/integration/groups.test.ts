import { describe, expect, it } from 'vitest';
import { mailboxOf } from '../support/hostile.ts';
import type { TestMember } from '../support/member.ts';
import { AT_ONCE } from '../support/member.ts';
import { circleOf } from '../support/pages.ts';

describe('groups', () => {
  const { circle, page, away, back } = circleOf(4);
  const id = (number: number) => circle().keyHashes[number - 1] as string;

  async function make(by: TestMember, name: string, ...numbers: number[]): Promise<string> {
    const made = await by.messenger.actions.createGroup(name, numbers.map(id));
    if ('fault' in made) throw new Error(made.fault.code);
    await by.until(() => by.has(made.id));
    return made.id;
  }
  const knows = (group: string) => (member: TestMember) => member.until(() => member.has(group));
  const numbers = (member: TestMember, group: string) =>
    member.group(group).members.map(({ number }) => number);

  it('of three: everybody learns of it, reads everything, and sees who got what', async () => {
    const [one, two, three, four] = [await page(1), await page(2), await page(3), await page(4)];
    const group = await make(one, ' Choir  practice ', 2, 3);
    await Promise.all([two, three].map(knows(group)));
    await one.sendTo(group, 'a');
    await two.until(() => two.messages(group).length === 1);
    await two.sendTo(group, 'b');
    await three.until(() => three.messages(group).length === 2);
    await three.sendTo(group, 'c');
    await one.until(() => one.messages(group).length === 3);
    const plain = (member: TestMember) => member.texts(group).map((text) => text.replace('*', ''));
    for (const member of [one, two, three]) {
      await member.until(() => member.messages(group).length === 3);
      expect(member.group(group)).toMatchObject({ name: 'Choir practice', canWrite: true });
      expect(numbers(member, group)).toEqual([1, 2, 3]);
      expect(plain(member)).toEqual(['(named Choir practice)', 'a', 'b', 'c']);
      await member.sent();
    }
    const [sent] = one.messages(group);
    expect(sent?.recipients.map(({ contact, delivery }) => [contact.number, delivery])).toEqual([
      [2, 'sent'],
      [3, 'sent'],
    ]);
    expect([sent?.delivery, one.group(group).unread]).toEqual(['sent', 2]);
    expect(four.has(group)).toBe(false);
    expect(await mailboxOf(circle(), 4)).toEqual([]);
    for (const member of [one, two, three]) expect(member.state().notices).toEqual([]);
  });

  it('are rebuilt with their names from any single message', async () => {
    const one = await page(1);
    const group = await make(one, 'Choir', 2, 3, 4);
    await one.sent();
    const first = await mailboxOf(circle(), 2);
    await one.sendTo(group, 'only this');
    await one.sent();
    for (const blob of first) await circle().sql("DELETE FROM blob WHERE id = decode($1, 'hex')", [blob]);
    const two = await page(2);
    expect(two.group(group)).toMatchObject({ name: 'Choir', canWrite: true });
    expect(numbers(two, group)).toEqual([1, 2, 3, 4]);
    await two.sendTo(group, 'answer');
    await one.until(() => one.texts(group).at(-1) === 'answer');
    expect(one.state().notices).toEqual([]);
  });

  it('come back on another machine from the sent log alone', async () => {
    const one = await page(1, { config: AT_ONCE });
    const group = await make(one, 'Choir', 2, 3);
    await one.sendTo(group, 'a');
    await one.sent();
    await expect.poll(() => one.store.keys()).toEqual([]);
    const fresh = await page(1);
    expect(fresh.texts(group)).toEqual(['(named Choir)', '*a']);
    expect(fresh.messages(group)[0]?.recipients.map(({ contact }) => contact.number)).toEqual([2, 3]);
    expect(fresh.group(group).name).toBe('Choir');
  });

  it('are renamed by anybody, and refuse names that cannot be', async () => {
    const [one, two] = [await page(1), await page(2)];
    const group = await make(one, '', 2, 3);
    await knows(group)(two);
    expect(two.group(group).name).toBe('');
    await two.act(two.messenger.actions.renameGroup(group, 'Band'));
    await one.until(() => one.group(group).name === 'Band');
    for (const name of ['x'.repeat(101), 'a\u202Eb', 'a\u0007b'])
      expect(await one.messenger.actions.renameGroup(group, name)).toMatchObject({ code: 'name_invalid' });
    expect(await one.messenger.actions.renameGroup(one.with(2).id, 'x')).toMatchObject({
      code: 'recipient_unknown',
    });
    expect(await one.messenger.actions.createGroup('x', [])).toMatchObject({
      fault: { code: 'bad_request' },
    });
    expect(await one.messenger.actions.createGroup('x', ['ab'.repeat(32)])).toMatchObject({
      fault: { code: 'recipient_unknown' },
    });
  });

  it('go on with other members: those who stay and come go on, whoever is left out reads only what was, and learns no name', async () => {
    const [one, two, three, four] = [await page(1), await page(2), await page(3), await page(4)];
    const before = await make(one, 'Choir', 2, 3);
    await Promise.all([two, three].map(knows(before)));
    await one.sendTo(before, 'before');
    const made = await one.messenger.actions.changeMembers(before, [2, 4].map(id));
    const after = 'id' in made ? made.id : '';
    await Promise.all([one, two, four].map(knows(after)));
    await one.sendTo(after, 'after');
    for (const member of [two, four]) await member.until(() => member.messages(after).length === 1);
    for (const member of [one, two]) {
      await member.until(() => member.group(before).continuedBy === after);
      expect(member.group(before).canWrite).toBe(false);
      expect(member.group(after)).toMatchObject({ name: 'Choir', continues: before, canWrite: true });
    }
    expect(four.has(before)).toBe(false);
    expect(four.group(after).continues).toBeUndefined();
    await three.until(() => three.group(before).ended === 'removed');
    expect([three.has(after), three.group(before).canWrite]).toEqual([false, false]);
    expect(three.messages(before).map(({ text }) => text)).toEqual(['before']);
    for (const member of [one, three]) {
      expect(await member.messenger.actions.sendText(before, 'too late')).toMatchObject({
        code: 'conversation_closed',
      });
      expect(await member.messenger.actions.renameGroup(before, 'x')).toMatchObject({
        code: 'conversation_closed',
      });
    }
    expect(await one.messenger.actions.changeMembers(after, [2, 4].map(id))).toMatchObject({
      fault: { code: 'bad_request' },
    });
  });

  it('that somebody leaves go on as one and the same at everybody else, also on another machine', async () => {
    const [one, two, three] = [await page(1, { config: AT_ONCE }), await page(2), await page(3)];
    const before = await make(one, 'Choir', 2, 3);
    await Promise.all([two, three].map(knows(before)));
    await one.sendTo(before, 'hello');
    await three.act(three.messenger.actions.leaveGroup(before));
    for (const member of [one, two]) await member.until(() => member.group(before).continuedBy !== undefined);
    const after = one.group(before).continuedBy ?? '';
    expect(two.group(before).continuedBy).toBe(after);
    expect(numbers(one, after)).toEqual([1, 2]);
    expect(one.group(after).name).toBe('Choir');
    await two.sendTo(after, 'just us');
    await one.until(() => one.messages(after).length === 1);
    await three.until(() => three.group(before).ended === 'left');
    expect([three.has(after), three.group(before).canWrite]).toEqual([false, false]);
    const fresh = await page(1);
    expect(fresh.group(before).continuedBy).toBe(after);
    expect(fresh.texts(after)).toEqual(['just us']);
  });

  it('of two end when one leaves', async () => {
    const [one, two] = [await page(1), await page(2)];
    const group = await make(one, 'Duo', 2);
    await knows(group)(two);
    await two.act(two.messenger.actions.leaveGroup(group));
    await one.until(() => !one.group(group).canWrite);
    expect(one.group(group).continuedBy).toBeUndefined();
    expect(await one.messenger.actions.sendText(group, 'hello?')).toMatchObject({
      code: 'conversation_closed',
    });
  });

  it('that two leave at once go on with the others in one group', async () => {
    const members = [await page(1), await page(2), await page(3), await page(4)] as const;
    const [one, two, three, four] = members;
    const group = await make(one, 'Choir', 2, 3, 4);
    await Promise.all(members.map(knows(group)));
    await one.sent();
    await away();
    for (const member of [two, three]) await member.act(member.messenger.actions.leaveGroup(group));
    await back();
    await Promise.all(members.map((member) => member.online()));
    const open = (member: TestMember) =>
      member
        .state()
        .conversations.filter(({ kind, canWrite }) => kind === 'group' && canWrite)
        .map((one) => [one.id, one.members.map(({ number }) => number)] as const);
    const isSettled = (member: TestMember) =>
      open(member).length > 0 && open(member).every(([, who]) => who.join() === '1,4');
    for (const member of [one, four]) await member.until(() => isSettled(member));
    for (const member of [two, three]) await member.until(() => open(member).length === 0);
    const shared = open(one)
      .map(([one]) => one)
      .filter((one) => open(four).some(([other]) => other === one));
    expect(shared).not.toEqual([]);
    await one.sendTo(shared[0] ?? '', 'still here');
    await four.until(() => four.messages(shared[0] ?? '').length === 1);
    expect(two.state().notices).toEqual([]);
  });

  it('one message to a group reaches the others when the relay no longer takes any for one of them', async () => {
    const [one, two] = [await page(1), await page(2)];
    const group = await make(one, 'Choir', 2, 3);
    await knows(group)(two);
    await one.sent();
    await circle().allow(1, 2, 4);
    await one.sendTo(group, 'a');
    await two.until(() => two.messages(group).length === 1);
    await one.until(() => one.messages(group)[0]?.delivery === 'failed');
    const message = one.messages(group)[0];
    expect(message?.recipients.map(({ contact, delivery }) => [contact.number, delivery])).toEqual([
      [2, 'sent'],
      [3, 'failed'],
    ]);
    expect(message?.deliveryFault).toMatchObject({ code: 'recipient_unknown' });
    await circle().allow(1, 2, 3, 4);
    await one.messenger.actions.retry(message?.key ?? '');
    await one.sent();
    const three = await page(3);
    expect(three.messages(group).map(({ text }) => text)).toEqual(['a']);
    expect(two.messages(group)).toHaveLength(1);
  });
});
