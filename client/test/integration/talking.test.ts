import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';
import type { TestMember } from '../support/member.ts';
import { AT_ONCE, closeAll, openMember } from '../support/member.ts';

describe('two members', () => {
  let circle: TestCircle;
  const open: TestMember[] = [];
  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'));
  });
  afterEach(async () => {
    await closeAll(...open.splice(0));
    await circle.startRelay();
    await circle.sql('DELETE FROM blob');
  });
  afterAll(() => circle.close());

  async function page(number: number, options: Parameters<typeof openMember>[2] = {}): Promise<TestMember> {
    const member = await openMember(circle, number, options);
    open.push(member);
    await member.online();
    return member;
  }

  it('exchange texts both ways, announced as they arrive, and nobody else sees them', async () => {
    const [one, two, three] = [await page(1), await page(2), await page(3)];
    await one.send(2, 'Hello 🌍');
    await two.until(() => two.texts(1).length === 1);
    await two.send(1, 'Hello yourself');
    await one.until(({ outboxCount }) => one.texts(2).length === 2 && outboxCount === 0);
    expect(one.texts(2)).toEqual(['*Hello 🌍', 'Hello yourself']);
    expect(two.texts(1)).toEqual(['Hello 🌍', '*Hello yourself']);
    expect(one.messages(2).map(({ delivery }) => delivery)).toEqual(['sent', undefined]);
    expect([one.with(2).unread, two.with(1).unread]).toEqual([1, 1]);
    two.messenger.actions.markRead(two.with(1).id);
    await two.until(() => two.with(1).unread === 0);
    expect(three.state().conversations.flatMap(({ items }) => items)).toEqual([]);
    for (const member of [one, two, three])
      expect([member.state().notices, member.state().storageFault]).toEqual([[], undefined]);
  });

  it('receive on return what was sent while they were away, in order', async () => {
    const one = await page(1);
    await (await page(2)).messenger.actions.lock();
    for (const text of ['a', 'b', 'c']) await one.send(2, text);
    await one.sent();
    const two = await page(2);
    expect(two.texts(1)).toEqual(['a', 'b', 'c']);
    expect(two.with(1).unread).toBe(0);
  });

  it('see the same order when both write at once', async () => {
    const [one, two] = [await page(1), await page(2)];
    const write = async (member: TestMember, to: number, name: string) => {
      for (let i = 0; i < 5; i++) await member.send(to, `${name}${i}`);
    };
    await Promise.all([write(one, 2, 'a'), write(two, 1, 'b')]);
    await Promise.all([
      one.until(() => one.messages(2).length === 10),
      two.until(() => two.messages(1).length === 10),
    ]);
    const plain = (texts: string[]) => texts.map((text) => text.replace('*', ''));
    expect(plain(one.texts(2))).toEqual(plain(two.texts(1)));
    expect(plain(one.texts(2)).filter((text) => text.startsWith('a'))).toEqual([
      'a0',
      'a1',
      'a2',
      'a3',
      'a4',
    ]);
    await one.send(2, 'last');
    await two.until(() => two.texts(1).at(-1) === 'last');
    expect(plain(one.texts(2))).toEqual(plain(two.texts(1)));
  });

  it('see the same order whatever their clocks say', async () => {
    const slow = { parts: { now: () => Date.now() - 40 * 60_000 } };
    const [one, two] = [await page(1), await page(2, slow)];
    await one.send(2, 'question');
    await two.until(() => two.texts(1).length === 1);
    await two.send(1, 'answer');
    await one.until(() => one.texts(2).length === 2);
    expect(one.texts(2)).toEqual(['*question', 'answer']);
    expect(two.texts(1)).toEqual(['question', '*answer']);
  });

  it('go on after the relay was restarted, with what was written meanwhile', async () => {
    const [one, two] = [await page(1), await page(2)];
    await one.send(2, 'before');
    await two.until(() => two.texts(1).length === 1);
    await circle.stopRelay();
    await one.until(({ connection }) => connection.status === 'offline');
    expect(one.state().connection).toMatchObject({ fault: { code: expect.any(String) } });
    await one.send(2, 'meanwhile');
    expect(one.messages(2).at(-1)?.delivery).toBe('waiting');
    expect(one.state().outboxCount).toBe(1);
    await circle.startRelay();
    one.messenger.actions.reconnect();
    await two.until(() => two.texts(1).length === 2);
    await one.sent();
    expect(two.texts(1)).toEqual(['before', 'meanwhile']);
  });

  it('see in one window what they wrote in another', async () => {
    const [left, two] = [await page(1, { config: AT_ONCE }), await page(2)];
    const right = await page(1, { config: AT_ONCE });
    await left.send(2, 'from the left');
    await right.until(() => right.texts(2).length === 1);
    await right.send(2, 'from the right');
    await left.until(() => left.texts(2).length === 2);
    await two.until(() => two.texts(1).length === 2);
    await two.send(1, 'to both');
    for (const window of [left, right]) {
      await window.until(() => window.texts(2).length === 3);
      expect(window.texts(2)).toEqual(['*from the left', '*from the right', 'to both']);
      expect(window.messages(2).map(({ delivery }) => delivery)).toEqual(['sent', 'sent', undefined]);
    }
  });

  it('see at once in a window with the same store what waits in another', async () => {
    const left = await page(1);
    await circle.stopRelay();
    await left.until(({ connection }) => connection.status === 'offline');
    await left.send(2, 'waiting');
    const right = await openMember(circle, 1, { store: left.store });
    open.push(right);
    expect(right.messages(2).map(({ delivery, text }) => [delivery, text])).toEqual([['waiting', 'waiting']]);
    await circle.startRelay();
    for (const window of [left, right]) {
      window.messenger.actions.reconnect();
      await window.sent();
    }
    const two = await page(2);
    expect(two.texts(1)).toEqual(['waiting']);
  });

  it('keep notes to themselves, which nobody else gets', async () => {
    const store = (await page(1)).store;
    const one = open[0] as TestMember;
    await one.send(1, 'a note');
    await one.sent();
    expect(one.messages(1).map(({ own, delivery }) => [own, delivery])).toEqual([[true, 'sent']]);
    expect(await store.keys()).toEqual([]);
    const again = await page(1);
    expect(again.texts(1)).toEqual(['*a note']);
    expect((await page(2)).texts(1)).toEqual([]);
  });

  it('forget everything when they lock', async () => {
    const [one, two] = [await page(1), await page(2)];
    await two.send(1, 'secret');
    await one.until(() => one.texts(2).length === 1);
    await one.messenger.actions.lock();
    expect(JSON.stringify(one.state())).not.toMatch(/secret|Member/);
    await two.send(1, 'more');
    await two.sent();
    expect(one.state()).toMatchObject({ identity: { phase: 'absent' }, conversations: [], loaded: false });
    await one.messenger.start();
    await one.until(() => one.state().loaded && one.texts(2).length === 2);
    expect(one.texts(2)).toEqual(['secret', 'more']);
  });
});
