import { BLOB_KIND, randomBytes, sealMessage } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { mailboxOf, pairOf, uploadBlob } from '../support/hostile.ts';
import { circleOf } from '../support/pages.ts';

describe('a roster that changes', () => {
  const { circle, page } = circleOf(4);
  const lines = (...numbers: number[]) =>
    circle().maker.lines.filter(({ number }) => numbers.includes(number));

  it('is taken up by all, who write to nobody that it no longer lists', async () => {
    const [one, two] = [await page(1), await page(2)];
    const made = await one.messenger.actions.createGroup('Choir', circle().keyHashes.slice(1));
    const group = 'id' in made ? made.id : '';
    await one.sent();
    await two.until(() => two.has(group));
    const before = await mailboxOf(circle(), 4);
    const update = await circle().maker.update(2, lines(1, 2, 3));
    await circle().publish(update.bytes);
    for (const member of [one, two]) {
      await member.messenger.actions.fetchRoster();
      await member.until(({ roster }) => roster.serial === 2);
      expect(member.state().contacts.map(({ number }) => number)).toEqual(
        [1, 2, 3].filter((number) => number !== member.state().self?.number),
      );
    }
    await one.sendTo(group, 'without the fourth');
    await two.until(() => two.messages(group).length === 1);
    await one.sent();
    expect(one.messages(group)[0]?.recipients.map(({ contact }) => contact.number)).toEqual([2, 3]);
    expect(one.with(4).canWrite).toBe(false);
    expect(await one.messenger.actions.sendText(one.with(4).id, 'hello')).toMatchObject({
      code: 'recipient_unknown',
    });
    expect(await one.messenger.actions.createGroup('x', [circle().keyHashes[3] as string])).toMatchObject({
      fault: { code: 'recipient_unknown' },
    });
    expect(await mailboxOf(circle(), 4)).toEqual(before);
    expect(two.state().notices).toEqual([]);
  });

  it('that the relay withholds: what others write is shown as unrecognised, and read once it is served', async () => {
    const { bytes } = await circle().maker.update(4, lines(1, 2, 3));
    await circle().publish(bytes);
    const two = await page(2);
    await two.until(({ roster }) => roster.serial === 4);
    await circle().sql('DELETE FROM roster_update');
    const one = await page(1);
    await two.send(1, 'under the newest');
    await one.until(({ notices }) => notices.some(({ fault }) => fault.code === 'blob_unrecognised'));
    expect(one.texts(2)).toEqual([]);
    await circle().publish(bytes);
    await two.send(1, 'and on');
    // Until the first is read under the new secret too, a gap stands in its place.
    await one.until(() => one.texts(2).join() === 'under the newest,and on');
    expect(one.state().roster.serial).toBe(4);
  });

  it('of which the relay serves an older update: refused', async () => {
    const [old, newest] = [
      await circle().maker.update(5, lines(1, 2, 3, 4)),
      await circle().maker.update(6, lines(1, 2, 3)),
    ];
    await circle().publish(newest.bytes);
    const one = await page(1);
    await one.until(({ roster }) => roster.serial === 6);
    await circle().publish(old.bytes);
    await one.messenger.actions.fetchRoster();
    await one.messenger.actions.lock();
    const again = await page(1, { store: one.store });
    await again.messenger.actions.fetchRoster();
    expect(again.state().roster).toMatchObject({ serial: 6, isNewerThanFile: true });
    expect(again.with(4).canWrite).toBe(false);
  });

  it('that somebody names and the relay does not serve: shown, and nothing is sent', async () => {
    await circle().sql('DELETE FROM roster_update');
    const one = await page(1);
    const pair = await pairOf(circle(), 2, 1);
    const { id, blob } = await sealMessage(pair, BLOB_KIND.message, {
      roster: { serial: 9, hash: randomBytes(32) },
      records: [{ content: new Uint8Array(3), private: {} }],
    });
    await uploadBlob(circle(), pair, id, blob);
    await one.until(({ roster }) => roster.held !== undefined);
    expect(one.state().roster.held).toMatchObject({ code: 'roster_stale' });
    const before = await mailboxOf(circle(), 2);
    await one.send(2, 'waits');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([one.messages(2).at(-1)?.delivery, await mailboxOf(circle(), 2)]).toEqual(['waiting', before]);
  });
});
