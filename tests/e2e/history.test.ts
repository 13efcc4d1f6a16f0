import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { blobsOf, expire, withhold } from '../support/mailbox.ts';
import { gaps, recipients, remove } from '../support/messages.ts';
import { PATIENT } from '../support/patience.ts';
import { setSwitch } from '../support/settings.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';
import { MemberWindow } from '../support/window.ts';

const LABELS = ['Ada', 'Bruno', 'Chiara', 'Dara'];
const HOUR = 3_600_000;
/** What a page needs to write down its marks, and some more. */
const WRITTEN_MS = 5_000;

let browser: Browser;
let stack: Stack<'ada' | 'bruno' | 'dara'>;
let ada: MemberWindow;
let bruno: MemberWindow;

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack(inject('postgresUrl'), LABELS, {
      ada: { member: 1 },
      // The own copies leave at once, for the browsers that come later.
      bruno: { member: 2, sentLogMinutes: '0-0.01' },
      dara: { member: 4 },
    }),
  ]);
  [ada, bruno] = await Promise.all([
    MemberWindow.open(browser, stack.pages.ada),
    MemberWindow.open(browser, stack.pages.bruno),
  ]);
  await Promise.all([ada.online(), bruno.online()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
});

/** Sends as Chiara, who has no window, at another time where one is given. */
async function chiaraSends(to: string, texts: string[], ago = 0): Promise<void> {
  const chiara = await stack.open(3, () => Date.now() - ago);
  for (const text of texts) await chiara.send(to, text);
  await chiara.close();
}

const setReceipts = (window: MemberWindow, on: boolean) => setSwitch(window, 'read-receipts', on);

describe('a member who was away for longer than messages live', () => {
  it('is told so, and sees what expired as that and nothing else', async () => {
    const profile = await MemberWindow.open(browser, 'about:blank');
    await chiaraSends('Dara', ['Before you went'], 100 * HOUR);
    const before = await profile.again(stack.pages.dara, -100 * HOUR);
    await before.online();
    expect(await before.byId('absence').count()).toBe(0);
    await before.choose(3);
    await expect.poll(() => before.texts(), PATIENT).toEqual(['Before you went']);
    await before.page.waitForTimeout(WRITTEN_MS);
    await before.page.close();

    await chiaraSends('Dara', ['While you were away'], 90 * HOUR);
    await expire(stack, 4);
    await chiaraSends('Dara', ['You are back'], 3 * HOUR);
    const kept = await blobsOf(stack, 4);
    await chiaraSends('Dara', ['Lost on the way'], 2 * HOUR);
    await withhold(stack, 4, kept);
    await chiaraSends('Dara', ['Did you get that?'], HOUR);

    const after = await profile.again(stack.pages.dara);
    await after.online();
    expect(await after.byId('absence').textContent()).toMatch(/away for 4 days.*60 to 108 hours/);
    await after.choose(3);
    await expect.poll(() => after.texts(), PATIENT).toEqual(['You are back', 'Did you get that?']);
    expect(await gaps(after)).toEqual(['expired: 1', 'missing: 1']);
    await after.byId('absence-dismiss').click();
    await after.byId('absence').waitFor({ state: 'detached' });
    await after.page.waitForTimeout(WRITTEN_MS);
    await after.page.reload();
    await after.online();
    expect(await after.byId('absence').count()).toBe(0);
    expect(after.errors).toEqual([]);
    await after.close();
  });
});

describe('what was read', () => {
  it('is marked, and the marks survive a reload', async () => {
    const row = ada.page.locator('[data-testid=conversation-3]');
    const unread = () => row.getAttribute('data-unread');
    await chiaraSends('Ada', ['one', 'two', 'three']);
    await expect.poll(unread, PATIENT).toBe('3');
    await ada.page.waitForTimeout(WRITTEN_MS);
    await ada.page.reload();
    await ada.online();
    await expect.poll(unread, PATIENT).toBe('3');
    await ada.choose(3);
    await ada.byId('unread-mark').waitFor();
    await expect.poll(unread, PATIENT).toBe('0');
    await ada.page.waitForTimeout(WRITTEN_MS);
    await ada.page.reload();
    await ada.online();
    await expect.poll(unread, PATIENT).toBe('0');
  });

  it('is told to its author only when both allow it, and shown only then', async () => {
    await Promise.all([ada.choose(2), bruno.choose(1)]);
    // What waits to be told rides along with an answer, so that nobody has to wait for its delay here.
    const exchange = async (question: string, answer: string) => {
      await ada.send(question);
      await bruno.message(question).waitFor();
      await bruno.page.waitForTimeout(300);
      await bruno.send(answer);
      await ada.message(answer).waitFor();
      return recipients(ada, question);
    };
    expect(await exchange('neither tells', 'answer 1')).toEqual(['Bruno: sent']);
    await setReceipts(ada, true);
    expect(await exchange('only Ada tells', 'answer 2')).toEqual(['Bruno: sent']);
    await setReceipts(bruno, true);
    expect(await exchange('both tell', 'answer 3')).toEqual(['Bruno: read']);
    expect(await recipients(ada, 'only Ada tells')).toEqual(['Bruno: sent']);
    await setReceipts(ada, false);
    await expect.poll(() => recipients(ada, 'both tell'), PATIENT).toEqual(['Bruno: sent']);
  });
});

describe('the search', () => {
  it('finds what is on the page, and jumps to it among its neighbours', async () => {
    const texts = Array.from({ length: 60 }, (_, i) => `line ${i}${i === 7 ? ' with the needle' : ''}`);
    await chiaraSends('Bruno', texts);
    await expect.poll(() => bruno.byId('conversation-3').getAttribute('data-unread'), PATIENT).toBe('60');
    await bruno.byId('open-search').click();
    await bruno.byId('search-field').fill('NEEDLE');
    await expect.poll(() => bruno.byId('search-hit').count(), PATIENT).toBe(1);
    await bruno.byId('search-hit').click();
    const inSight = (text: string) =>
      bruno.message(text).evaluate((message) => {
        const { top, bottom } = message.getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
      });
    await bruno.message('with the needle').waitFor();
    await expect.poll(() => inSight('with the needle'), PATIENT).toBe(true);
    expect(await inSight('line 8')).toBe(true);
    expect(await inSight('line 59')).toBe(false);
    await bruno.byId('search-field').fill('no such thing');
    await bruno.page.getByText('Nothing with “no such thing”').waitFor();
    await bruno.byId('search-close').click();
  });
});

describe('a message that is deleted for oneself', () => {
  it('is gone in every browser of that member, leaves no gap, and stays with its writer', async () => {
    const elsewhere = await MemberWindow.open(browser, stack.pages.bruno);
    await elsewhere.online();
    await Promise.all([bruno.choose(1), elsewhere.choose(1)]);
    await ada.send('Not for long');
    await elsewhere.message('Not for long').waitFor();
    await ada.send('For longer');
    await bruno.message('For longer').waitFor();
    await remove(bruno, 'Not for long', 'me');
    for (const window of [bruno, elsewhere]) {
      await expect.poll(() => window.message('Not for long').count(), PATIENT).toBe(0);
      expect(await window.message('For longer').isVisible()).toBe(true);
      await expect.poll(() => gaps(window), PATIENT).toEqual([]);
    }
    const fresh = await MemberWindow.open(browser, stack.pages.bruno);
    await fresh.online();
    await fresh.choose(1);
    await fresh.message('For longer').waitFor();
    expect(await fresh.message('Not for long').count()).toBe(0);
    expect(await gaps(fresh)).toEqual([]);
    expect(await ada.message('Not for long').isVisible()).toBe(true);
    for (const window of [ada, bruno, elsewhere, fresh]) expect(window.errors).toEqual([]);
    await Promise.all([elsewhere.close(), fresh.close()]);
  });
});
