import { MAX_INLINE_TEXT_BYTES } from '@relay/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AppState } from '../../src/state/model.ts';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';
import type { TestMember } from '../support/member.ts';
import { AT_ONCE, closeAll, openMember } from '../support/member.ts';

describe('a history that nobody stores but the relay', () => {
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
    return member;
  }
  async function onlinePage(...args: Parameters<typeof page>): Promise<TestMember> {
    const member = await page(...args);
    await member.online();
    return member;
  }
  const countOf = async (number: number) => {
    const mailbox = Buffer.from(circle.keyHashes[number - 1] as string, 'hex');
    return (await circle.sql('SELECT 1 FROM blob WHERE mailbox = $1', [mailbox])).rowCount;
  };
  async function away() {
    await circle.stopRelay();
    const isAway = ({ connection, identity }: AppState) =>
      connection.status === 'offline' || identity.phase === 'absent';
    await Promise.all(open.map((member) => member.until(isAway)));
  }

  it('shows after a reload, while the relay is away, what still waits; and sends it once', async () => {
    const one = await onlinePage(1);
    await away();
    for (const text of ['a', 'b']) await one.send(2, text);
    await one.send(1, 'a note');
    await one.messenger.actions.lock();
    const reloaded = await page(1, { store: one.store });
    expect(reloaded.texts(2)).toEqual(['*a', '*b']);
    expect(reloaded.texts(1)).toEqual(['*a note']);
    expect(reloaded.messages(2).map(({ delivery }) => delivery)).toEqual(['waiting', 'waiting']);
    expect(reloaded.state()).toMatchObject({ outboxCount: 3, loaded: false, notices: [] });
    await circle.startRelay();
    reloaded.messenger.actions.reconnect();
    await reloaded.sent();
    const two = await onlinePage(2);
    expect(two.texts(1)).toEqual(['a', 'b']);
    // What waited for the same member went in one blob.
    expect([await countOf(2), await countOf(1)]).toEqual([1, 1]);
    expect(reloaded.messages(2).map(({ delivery }) => delivery)).toEqual(['sent', 'sent']);
    expect(await one.store.keys()).toHaveLength(1);
    expect(two.state().notices).toEqual([]);
  });

  it('goes on in the same chain of records after a reload: no gaps, no contradictions', async () => {
    const one = await onlinePage(1);
    await one.send(2, 'a');
    await one.sent();
    await one.messenger.actions.lock();
    const reloaded = await onlinePage(1, { store: one.store });
    expect(reloaded.texts(2)).toEqual(['*a']);
    await reloaded.send(2, 'b');
    const two = await onlinePage(2);
    await two.until(() => two.texts(1).length === 2);
    expect(two.messages(1).map(({ text, equivocates }) => [text, equivocates])).toEqual([
      ['a', false],
      ['b', false],
    ]);
  });

  it('comes from the sent log alone in a client that knows nothing', async () => {
    const [one, two] = [await onlinePage(1, { config: AT_ONCE }), await onlinePage(2)];
    await one.send(2, 'a');
    await two.until(() => two.texts(1).length === 1);
    await two.send(1, 'b');
    await one.until(() => one.texts(2).length === 2);
    await one.send(3, 'c');
    await expect.poll(async () => [await countOf(1), await one.store.keys()]).toEqual([3, []]);
    const fresh = await onlinePage(1);
    expect([fresh.texts(2), fresh.texts(3)]).toEqual([['*a', 'b'], ['*c']]);
    expect(fresh.messages(2)[0]?.delivery).toBe('sent');
    expect(fresh.state().notices).toEqual([]);
  });

  it('keeps the sent log back until it is due, in the store', async () => {
    const one = await onlinePage(1);
    for (const text of ['a', 'b', 'c']) await one.send(2, text);
    await one.sent();
    expect([await countOf(1), (await one.store.keys()).length]).toEqual([0, 1]);
    expect((await onlinePage(1)).texts(2)).toEqual([]);
    const reloaded = await onlinePage(1, { store: one.store });
    expect(reloaded.messages(2).map(({ text, delivery }) => [text, delivery])).toEqual([
      ['a', 'sent'],
      ['b', 'sent'],
      ['c', 'sent'],
    ]);
  });

  // Two bytes each, at odd places, so that chunks begin and end inside a letter.
  const long = `x${'é€🌍'.repeat(11_400)}`;

  it('brings long texts to the recipient, and back to the sender by capability', async () => {
    expect(Buffer.byteLength(long)).toBeGreaterThan(100_000);
    const [one, two] = [await onlinePage(1, { config: AT_ONCE }), await onlinePage(2)];
    await one.send(2, long);
    expect(one.messages(2)[0]?.text).toBe(long);
    await two.until(() => two.messages(1)[0]?.text !== undefined);
    expect(two.messages(1)[0]?.text).toBe(long);
    expect(await countOf(2)).toBe(3);
    await expect.poll(() => countOf(1)).toBe(1);
    for (const number of [1, 2]) {
      const fresh = await onlinePage(number);
      const peer = 3 - number;
      await fresh.until(() => fresh.messages(peer)[0]?.text !== undefined);
      expect(fresh.messages(peer)[0]?.text).toBe(long);
      expect(fresh.state().notices).toEqual([]);
    }
  });

  it('shows a long text that waits, after a reload without the relay', async () => {
    const one = await onlinePage(1);
    await away();
    await one.send(2, long);
    await one.send(1, long);
    await one.messenger.actions.lock();
    const reloaded = await page(1, { store: one.store });
    await reloaded.until(() => [1, 2].every((peer) => reloaded.messages(peer)[0]?.text === long));
    expect(reloaded.state().outboxCount).toBe(2);
    await circle.startRelay();
    reloaded.messenger.actions.reconnect();
    await reloaded.sent();
    const two = await onlinePage(2);
    await two.until(() => two.messages(1)[0]?.text === long);
  });

  it('loads a long text again when the relay was away in the middle', async () => {
    const [one, two] = [await onlinePage(1), await onlinePage(2)];
    await two.messenger.actions.lock();
    await one.send(2, long);
    await one.sent();
    const broken = await openMember(circle, 2);
    open.push(broken);
    await broken.until(() => broken.messages(1).length === 1);
    await away();
    const isLoaded = () => broken.messages(1)[0]?.text === long;
    await circle.startRelay();
    broken.messenger.actions.reconnect();
    await broken.until(isLoaded);
  });

  it('takes texts of up to 1 MiB, and nothing longer or empty', async () => {
    const [one, two] = [await onlinePage(1), await onlinePage(2)];
    const { sendText } = one.messenger.actions;
    const to = one.with(2).id;
    const most = Array.from({ length: 131_072 }, (_, i) => i.toString(16).padStart(8, '0')).join('');
    expect(await sendText(to, `${most}x`)).toMatchObject({
      code: 'text_too_long',
      message: expect.any(String),
    });
    expect(await sendText(to, `${most.slice(1)}é`)).toMatchObject({ code: 'text_too_long' });
    for (const empty of ['', '  \n\t '])
      expect(await sendText(to, empty)).toMatchObject({ code: 'bad_request' });
    expect([one.texts(2), one.state().outboxCount, await one.store.keys()]).toEqual([[], 0, []]);
    expect(await sendText(to, most)).toBeUndefined();
    await two.until(() => two.messages(1)[0]?.text !== undefined);
    expect(two.messages(1)[0]?.text).toBe(most);
    await one.send(2, 'and on');
    await two.until(() => two.texts(1).at(-1) === 'and on');
    expect(two.with(1).items.map(({ type }) => type)).toEqual(['message', 'message']);
  });

  it('carries any text as it is', async () => {
    const [one, two] = [await onlinePage(1), await onlinePage(2)];
    const texts = [
      'a\u0000b',
      ' spaces ',
      '\r\n',
      '👩‍👩‍👧‍👦',
      'x'.repeat(MAX_INLINE_TEXT_BYTES),
      'x'.repeat(MAX_INLINE_TEXT_BYTES + 1),
    ];
    const sent = texts.filter((text) => text.trim() !== '');
    for (const text of sent) await one.send(2, text);
    await two.until(() => two.messages(1).filter(({ text }) => text !== undefined).length === sent.length);
    expect(two.messages(1).map(({ text }) => text)).toEqual(sent);
    await one.send(2, '\uFEFFwithout its mark');
    await two.until(() => two.messages(1).at(-1)?.text === 'without its mark');
  });
});
