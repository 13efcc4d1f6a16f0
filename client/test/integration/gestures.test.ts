import { MAX_EMOJI_BYTES } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { contentOf, mailboxOf } from '../support/hostile.ts';
import type { TestMember } from '../support/member.ts';
import { AT_ONCE } from '../support/member.ts';
import { circleOf } from '../support/pages.ts';

describe('what members do with messages', () => {
  const { circle, page, away, back } = circleOf(3);

  const keyOf = (member: TestMember, where: number | string, text: string) => {
    const found = member.messages(where).find((message) => message.text === text);
    if (found === undefined) throw new Error(`nobody sees “${text}”`);
    return found.key;
  };
  /** Member 1 writes texts to member 2 that share one blob. */
  async function inOneBlob(one: TestMember, ...texts: string[]): Promise<string> {
    const before = await mailboxOf(circle(), 2);
    await away();
    for (const text of texts) await one.send(2, text);
    await back();
    await one.sent();
    const added = (await mailboxOf(circle(), 2)).filter((id) => !before.includes(id));
    expect(added).toHaveLength(1);
    return added[0] as string;
  }

  it('reactions show at both, one for each member, and can be taken back', async () => {
    const [one, two] = [await page(1), await page(2)];
    await one.send(2, 'a');
    await two.until(() => two.texts(1).length === 1);
    const key = keyOf(two, 1, 'a');
    await two.act(two.messenger.actions.react(key, '👍'));
    await two.act(two.messenger.actions.react(key, '🎉'));
    await one.until(() => one.messages(2)[0]?.reactions.length === 1);
    expect(one.messages(2)[0]?.reactions).toMatchObject([{ emoji: '🎉', own: false }]);
    expect(two.messages(1)[0]?.reactions).toMatchObject([{ emoji: '🎉', own: true }]);
    // Both went in one blob.
    expect(await mailboxOf(circle(), 1)).toHaveLength(1);
    await two.act(two.messenger.actions.react(key, undefined));
    await one.until(() => one.messages(2)[0]?.reactions.length === 0);
    expect(await two.messenger.actions.react(key, 'x'.repeat(MAX_EMOJI_BYTES + 1))).toMatchObject({
      code: 'bad_request',
    });
    expect(await two.messenger.actions.react('00'.repeat(32), '👍')).toMatchObject({ code: 'bad_request' });
  });

  it('edits show at both, only of own texts, and never an empty one', async () => {
    const [one, two] = [await page(1), await page(2)];
    await one.send(2, 'tpyo');
    await two.until(() => two.texts(1).length === 1);
    const key = keyOf(one, 2, 'tpyo');
    await one.act(one.messenger.actions.editText(key, 'typo'));
    await two.until(() => two.texts(1)[0] === 'typo');
    expect(two.messages(1)[0]).toMatchObject({ key, isEdited: true });
    const refused = [
      await two.messenger.actions.editText(key, 'not mine'),
      await one.messenger.actions.editText(key, ' \n'),
      await one.messenger.actions.editText(key, 'x'.repeat(54_001)),
    ];
    expect(refused.map((fault) => fault?.code)).toEqual(['bad_request', 'bad_request', 'text_too_long']);
    await one.sent();
    const before = await mailboxOf(circle(), 2);
    await one.act(one.messenger.actions.editText(key, 'typo'));
    await one.sent();
    expect(await mailboxOf(circle(), 2)).toEqual(before);
    expect((await page(2)).texts(1)).toEqual(['typo']);
  });

  it('an answer names what it answers, also when that is deleted later', async () => {
    const [one, two] = [await page(1), await page(2)];
    await one.send(2, 'question');
    await two.until(() => two.texts(1).length === 1);
    const reply = keyOf(two, 1, 'question');
    await two.act(two.messenger.actions.sendText(two.with(1).id, 'answer', { reply }));
    await one.until(() => one.texts(2).length === 2);
    expect(one.messages(2)[1]?.reply).toMatchObject({ key: reply, state: 'here', excerpt: 'question' });
    await one.act(one.messenger.actions.deleteForEveryone(reply));
    await two.until(() => two.texts(1)[0] === '(deleted)');
    expect(two.messages(1)[1]?.reply).toMatchObject({ key: reply, state: 'deleted' });
    expect(two.messages(1)[1]?.reply?.excerpt).toBeUndefined();
  });

  it('what is deleted for everyone is gone from the relay, with its edits, and what shared its blob stays', async () => {
    const [one, two] = [await page(1), await page(2)];
    const blob = await inOneBlob(one, 'a', 'b');
    await two.until(() => two.texts(1).length === 2);
    const key = keyOf(one, 2, 'a');
    await one.act(one.messenger.actions.editText(key, 'a again'));
    await two.until(() => two.texts(1)[0] === 'a again');
    await one.act(one.messenger.actions.deleteForEveryone(key));
    await two.until(() => two.texts(1)[0] === '(deleted)');
    await one.sent();
    expect(two.texts(1)).toEqual(['(deleted)', 'b']);
    expect(one.texts(2)).toEqual(['*(deleted)', '*b']);
    expect(await mailboxOf(circle(), 2)).not.toContain(blob);
    expect(await contentOf(circle(), 2)).toEqual(['delete', 'delete', 'text b']);
    // A client that never saw it sees no gap either.
    const fresh = await page(2);
    expect(fresh.texts(1)).toEqual(['b']);
    expect([...fresh.state().notices, ...two.state().notices, ...one.state().notices]).toEqual([]);
  });

  it('what was deleted once is not sent again when something else of its blob is deleted on a later page', async () => {
    const one = await page(1, { config: AT_ONCE });
    await inOneBlob(one, 'a', 'b', 'c');
    await one.act(one.messenger.actions.deleteForEveryone(keyOf(one, 2, 'a')));
    await one.sent();
    await expect.poll(() => one.store.keys()).toEqual([]);
    await one.messenger.actions.lock();
    const later = await page(1, { config: AT_ONCE });
    expect(later.texts(2)).toEqual(['*(deleted)', '*b', '*c']);
    await later.act(later.messenger.actions.deleteForEveryone(keyOf(later, 2, 'b')));
    await later.sent();
    expect(await contentOf(circle(), 2)).toEqual(['delete', 'delete', 'text c']);
    expect((await page(2)).texts(1)).toEqual(['c']);
  });

  it('what one deletes for oneself stays with the others, also when it shared a blob with what is deleted for everyone', async () => {
    const [one, two] = [await page(1, { config: AT_ONCE }), await page(2)];
    await inOneBlob(one, 'a', 'b');
    await two.until(() => two.texts(1).length === 2);
    await one.act(one.messenger.actions.deleteForMe(keyOf(one, 2, 'b')));
    await one.act(one.messenger.actions.deleteForEveryone(keyOf(one, 2, 'a')));
    await one.sent();
    expect(one.texts(2)).toEqual(['*(deleted)']);
    await two.until(() => two.texts(1)[0] === '(deleted)');
    expect(two.texts(1)).toEqual(['(deleted)', 'b']);
    expect((await page(2)).texts(1)).toEqual(['b']);
  });

  it('deleting for everyone without the relay says so, and can be done again', async () => {
    const [one, two] = [await page(1), await page(2)];
    await one.send(2, 'a');
    await one.sent();
    await two.until(() => two.texts(1).length === 1);
    const key = keyOf(one, 2, 'a');
    await away();
    expect(await one.messenger.actions.deleteForEveryone(key)).toMatchObject({ code: expect.any(String) });
    expect(one.texts(2)).toEqual(['*a']);
    await back();
    await one.online();
    await one.act(one.messenger.actions.deleteForEveryone(key));
    await two.until(() => two.texts(1)[0] === '(deleted)');
    expect(await contentOf(circle(), 2)).toEqual(['delete']);
    expect(await two.messenger.actions.deleteForEveryone(key)).toMatchObject({ code: 'bad_request' });
  });

  it('what is deleted before it left is taken off the relay as soon as it arrives there', async () => {
    const one = await page(1);
    await away();
    for (const text of ['a', 'b']) await one.send(2, text);
    await one.act(one.messenger.actions.deleteForEveryone(keyOf(one, 2, 'a')));
    expect(one.texts(2)).toEqual(['*(deleted)', '*b']);
    await back();
    await expect.poll(() => contentOf(circle(), 2), { timeout: 10_000 }).toEqual(['delete', 'text b']);
    await one.sent();
    const two = await page(2);
    expect([two.texts(1), two.state().notices, one.state().notices]).toEqual([['b'], [], []]);
  });

  it('a long text is deleted with its chunks', async () => {
    const [one, two] = [await page(1), await page(2)];
    const long = 'long '.repeat(30_000);
    await one.send(2, long);
    await one.sent();
    await two.until(() => two.messages(1)[0]?.text === long);
    expect(await mailboxOf(circle(), 2)).toHaveLength(4);
    await one.act(one.messenger.actions.deleteForEveryone(keyOf(one, 2, long)));
    await two.until(() => two.texts(1)[0] === '(deleted)');
    expect(await mailboxOf(circle(), 2)).toHaveLength(1);
  });

  it('a note that is deleted is gone, with its chunks', async () => {
    const one = await page(1);
    const long = 'note '.repeat(30_000);
    await one.send(1, long);
    await one.sent();
    await one.until(() => one.messages(1)[0]?.text === long);
    await expect.poll(() => mailboxOf(circle(), 1)).toHaveLength(4);
    const again = await page(1);
    await again.until(() => again.messages(1)[0]?.text === long);
    await again.act(again.messenger.actions.deleteForEveryone(keyOf(again, 1, long)));
    await again.sent();
    expect(await mailboxOf(circle(), 1)).toHaveLength(1);
  });

  it('what one deletes for oneself is gone in every window, at once and later, and nobody else learns of it', async () => {
    const [left, right, two] = [await page(1), await page(1), await page(2)];
    for (const text of ['a', 'b']) await two.send(1, text);
    await two.sent();
    for (const window of [left, right]) await window.until(() => window.texts(2).length === 2);
    const before = await mailboxOf(circle(), 2);
    await left.act(left.messenger.actions.deleteForMe(keyOf(left, 2, 'a')));
    expect(left.texts(2)).toEqual(['b']);
    await right.until(() => right.texts(2).length === 1);
    await left.sent();
    expect(await contentOf(circle(), 1)).toEqual(['hide', 'text b']);
    const fresh = await page(1);
    expect([fresh.texts(2), fresh.texts(1)]).toEqual([['b'], []]);
    expect(await mailboxOf(circle(), 2)).toEqual(before);
    expect(two.texts(1)).toEqual(['*a', '*b']);
  });

  it('deleting for oneself keeps what shares the blob at the relay, and hides what comes again', async () => {
    const [one, two] = [await page(1), await page(2)];
    const blob = await inOneBlob(one, 'a', 'b');
    await two.until(() => two.texts(1).length === 2);
    await two.act(two.messenger.actions.deleteForMe(keyOf(two, 1, 'a')));
    await two.sent();
    expect(await mailboxOf(circle(), 2)).toContain(blob);
    expect((await page(2)).texts(1)).toEqual(['b']);
    await two.act(two.messenger.actions.deleteForMe(keyOf(two, 1, 'b')));
    await two.sent();
    expect(await mailboxOf(circle(), 2)).not.toContain(blob);
  });
});
