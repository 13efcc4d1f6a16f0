import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import {
  changeMembers,
  groupIds,
  leave,
  makeGroup,
  membersShown,
  openGroup,
  rename,
} from '../support/groups.ts';
import { edit, react, reactions, recipients, remove, reply } from '../support/messages.ts';
import { PATIENT } from '../support/patience.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';
import { MemberWindow } from '../support/window.ts';

const LABELS = ['Ada', 'Bruno', 'Chiara'];

let browser: Browser;
let stack: Stack<'ada' | 'bruno' | 'chiara'>;
let ada: MemberWindow;
let bruno: MemberWindow;
let chiara: MemberWindow;
/** Ids of the groups, each going on from the one before. */
let first: string;
let second: string;
let third: string;

/** What everyone is expected to show, as the one window sees it. */
async function showsEverywhere(expected: (window: MemberWindow) => Promise<unknown>, value: unknown) {
  for (const window of [ada, bruno, chiara])
    await expect.poll(() => expected(window), PATIENT).toEqual(value);
}

/** Texts without the marks of own ones. */
const plain = async (window: MemberWindow) => (await window.texts()).map((text) => text.replace(/^\*/, ''));
const settled = (window: MemberWindow) => expect.poll(() => window.waiting(), PATIENT).toBe(0);

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    // The own copies leave at once, for the browser that comes later.
    startStack(inject('postgresUrl'), LABELS, {
      ada: { member: 1, sentLogMinutes: '0-0.01' },
      bruno: { member: 2, sentLogMinutes: '0-0.01' },
      chiara: { member: 3, sentLogMinutes: '0-0.01' },
    }),
  ]);
  [ada, bruno, chiara] = await Promise.all([
    MemberWindow.open(browser, stack.pages.ada),
    MemberWindow.open(browser, stack.pages.bruno),
    MemberWindow.open(browser, stack.pages.chiara),
  ]);
  await Promise.all([ada.online(), bruno.online(), chiara.online()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
});

describe('a group of three', () => {
  it('is made with a name, and appears with it in every window', async () => {
    first = await makeGroup(ada, 'Lighthouse', [2, 3]);
    for (const window of [bruno, chiara]) {
      await expect.poll(() => groupIds(window, 'Lighthouse'), PATIENT).toEqual([first]);
      await openGroup(window, first);
    }
    expect(await membersShown(bruno)).toEqual(expect.arrayContaining([expect.stringContaining('Bruno')]));
    expect(await membersShown(bruno)).toHaveLength(3);
  });

  it('talks, and every recipient is told of', async () => {
    await ada.send('Who has the key?');
    await showsEverywhere(plain, ['Who has the key?']);
    await reply(chiara, 'Who has the key?', 'I have it');
    await showsEverywhere(plain, ['Who has the key?', 'I have it']);
    for (const window of [ada, bruno]) {
      const quote = window.message('I have it').getByTestId('reply-quote');
      expect(await quote.textContent()).toContain('Who has the key?');
    }
    await settled(ada);
    expect(await recipients(ada, 'Who has the key?')).toEqual(['Bruno: sent', 'Chiara: sent']);
    expect(await recipients(bruno, 'Who has the key?')).toEqual([]);
  });

  it('reacts, once for each member, and takes it back', async () => {
    const shown = (window: MemberWindow) => reactions(window, 'I have it');
    await react(ada, 'I have it', '👍');
    await react(bruno, 'I have it', '👍');
    await expect.poll(() => shown(chiara), PATIENT).toEqual(['👍 from Ada, Bruno']);
    await react(bruno, 'I have it', '❤️');
    await expect.poll(() => shown(chiara), PATIENT).toEqual(['👍 from Ada', '❤️ from Bruno']);
    await react(bruno, 'I have it', '❤️');
    await expect.poll(() => shown(chiara), PATIENT).toEqual(['👍 from Ada']);
    await expect.poll(() => shown(ada), PATIENT).toEqual(['👍 from You']);
  });

  it('sees words changed and deleted by their writer', async () => {
    await edit(chiara, 'I have it', 'I have it, under the stone');
    await showsEverywhere(plain, ['Who has the key?', 'I have it, under the stone']);
    expect(await ada.message('under the stone').getByTestId('edited').isVisible()).toBe(true);
    await bruno.send('Do not tell anybody');
    await showsEverywhere(plain, ['Who has the key?', 'I have it, under the stone', 'Do not tell anybody']);
    await settled(bruno);
    await remove(bruno, 'Do not tell anybody', 'everyone');
    await showsEverywhere(plain, ['Who has the key?', 'I have it, under the stone', '']);
    expect(await ada.byId('message').last().textContent()).toContain('Message deleted');
    expect(await ada.byId('gap').count()).toBe(0);
  });

  it('gets another name from any of them', async () => {
    await rename(bruno, 'Harbour');
    for (const window of [ada, chiara])
      await expect.poll(() => groupIds(window, 'Harbour'), PATIENT).toEqual([first]);
    expect(await ada.byId('event').last().textContent()).toContain('Bruno named the group “Harbour”');
  });
});

describe('another set of members', () => {
  it('goes on in a new group, of which the one who was removed learns no more than that', async () => {
    second = await changeMembers(ada, [2]);
    expect(second).not.toBe(first);
    await ada.send('Only two of us now');
    await expect.poll(() => groupIds(chiara, 'Harbour'), PATIENT).toEqual([second]);
    await openGroup(chiara, second);
    await expect.poll(() => plain(chiara), PATIENT).toEqual(['Only two of us now']);
    await bruno.byId('frozen').waitFor();
    expect(await groupIds(bruno, 'Harbour')).toEqual([first]);
    expect(await bruno.byId('composer').count()).toBe(0);
    expect(await bruno.page.getByText('Only two of us now').count()).toBe(0);
    expect(await bruno.byId('notices').count()).toBe(0);
  });

  it('can take somebody in again, who does not see what was written before', async () => {
    third = await changeMembers(chiara, [2]);
    await chiara.send('Welcome back');
    await expect.poll(() => groupIds(bruno, 'Harbour'), PATIENT).toContain(third);
    await openGroup(bruno, third);
    await expect.poll(() => plain(bruno), PATIENT).toEqual(['Welcome back']);
    await ada.byId('frozen').waitFor();
    await ada.byId('open-continued').click();
    await expect.poll(() => plain(ada), PATIENT).toEqual(['Welcome back']);
    await ada.byId('earlier').click();
    await expect.poll(() => plain(ada), PATIENT).toEqual(['Only two of us now']);
  });

  it('goes on without the one who leaves', async () => {
    await leave(bruno);
    await bruno.byId('frozen').waitFor();
    await expect.poll(() => groupIds(ada, 'Harbour'), PATIENT).not.toContain(third);
    const [fourth = ''] = await groupIds(ada, 'Harbour');
    await openGroup(ada, fourth);
    await ada.send('So it is two again');
    await expect.poll(() => groupIds(chiara, 'Harbour'), PATIENT).toEqual([fourth]);
    await openGroup(chiara, fourth);
    await expect.poll(() => plain(chiara), PATIENT).toEqual(['So it is two again']);
    expect(await membersShown(chiara)).toHaveLength(2);
    expect(await bruno.page.getByText('So it is two again').count()).toBe(0);
  });
});

describe('a browser without any memory', () => {
  it('has the same groups, names, words and reactions from the mailbox alone, and no gap where something was deleted', async () => {
    for (const window of [ada, bruno, chiara]) await settled(window);
    await ada.page.waitForTimeout(1_500);
    const elsewhere = await MemberWindow.open(browser, stack.pages.ada);
    await elsewhere.online();
    await expect.poll(() => groupIds(elsewhere, 'Harbour'), PATIENT).toEqual(await groupIds(ada, 'Harbour'));
    await openGroup(elsewhere, (await groupIds(elsewhere, 'Harbour'))[0] ?? '');
    await expect.poll(() => elsewhere.texts(), PATIENT).toEqual(['*So it is two again']);
    for (const earlier of ['Welcome back', '*Only two of us now']) {
      await elsewhere.byId('earlier').click();
      await expect.poll(() => elsewhere.texts(), PATIENT).toEqual([earlier]);
    }
    await elsewhere.byId('earlier').click();
    await expect
      .poll(() => elsewhere.texts(), PATIENT)
      .toEqual(['*Who has the key?', 'I have it, under the stone']);
    expect(await reactions(elsewhere, 'under the stone')).toEqual(['👍 from You']);
    expect(await elsewhere.byId('gap').count()).toBe(0);
    await elsewhere.close();
  });

  it('was refused nothing on the way, and complained of nothing', async () => {
    for (const window of [ada, bruno, chiara]) {
      expect(await window.byId('notices').count()).toBe(0);
      expect(window.errors).toEqual([]);
    }
  });
});
