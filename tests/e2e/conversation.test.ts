import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { PATIENT } from '../support/patience.ts';
import { disguises, findPlaintext } from '../support/plaintext.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';
import { readDatabase, readStorage } from '../support/stored.ts';
import { MemberWindow } from '../support/window.ts';

const LABELS = ['Adelheid Quandt', 'Bartholomäus Zwirn', 'Clementine Yttrium'];

/** Every text of this file, to search for afterwards. */
const TEXTS = {
  greeting: 'Good morning, Bartholomäus 🌻',
  answer: 'Good morning to you 👋🏽 how is the lighthouse?',
  burst: ['quicksilver one', 'quicksilver two', 'quicksilver three 👩‍👩‍👧‍👦'],
  queued: ['written in a tunnel 🚇', 'and still in the tunnel'],
  missed: 'sent while you were away',
  kept: 'a note that has to survive the reload',
  reloaded: 'and after the reload, as if nothing happened',
  during: 'written while the relay was down',
  after: 'the relay is back, I am here',
  long: `A long letter. ${'Dear reader, this line goes on and on. '.repeat(1_900)}The end 📜`,
};
const ALL = [...Object.values(TEXTS).flat(), 'Dear reader, this line goes on', ...LABELS];

let browser: Browser;
let stack: Stack<'first' | 'second'>;
let first: MemberWindow;
let second: MemberWindow;

/** What both windows are expected to show, as the first one sees it. */
const history: string[] = [];
const asSecond = () => history.map((text) => (text.startsWith('*') ? text.slice(1) : `*${text}`));

async function bothShowHistory(): Promise<void> {
  await expect.poll(() => first.texts(), PATIENT).toEqual(history);
  await expect.poll(() => second.texts(), PATIENT).toEqual(asSecond());
}

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack(inject('postgresUrl'), LABELS, {
      first: { member: 1 },
      second: { member: 2, sentLogMinutes: '0-0.01' },
    }),
  ]);
  [first, second] = await Promise.all([
    MemberWindow.open(browser, stack.pages.first),
    MemberWindow.open(browser, stack.pages.second),
  ]);
  await Promise.all([first.online(), second.online()]);
  await Promise.all([first.choose(2), second.choose(1)]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
});

describe('two members in two browsers', () => {
  it('exchange text and emoji both ways', async () => {
    await first.send(TEXTS.greeting);
    await expect.poll(() => second.texts(), PATIENT).toEqual([TEXTS.greeting]);
    await second.send(TEXTS.answer);
    for (const text of TEXTS.burst) await first.send(text);
    history.push(`*${TEXTS.greeting}`, TEXTS.answer, ...TEXTS.burst.map((text) => `*${text}`));
    await bothShowHistory();
    await expect.poll(async () => new Set(await first.deliveries()), PATIENT).toEqual(new Set(['sent']));
    expect(await first.waiting()).toBe(0);
  });

  it('queue what they write offline where it can be seen, and catch up on return', async () => {
    await first.context.setOffline(true);
    for (const text of TEXTS.queued) await first.send(text);
    await expect.poll(() => first.waiting(), PATIENT).toBe(2);
    expect((await first.deliveries()).slice(-2)).toEqual(['waiting', 'waiting']);
    await second.send(TEXTS.missed);
    await expect.poll(() => second.deliveries().then((all) => all.at(-1)), PATIENT).toBe('sent');
    expect(await second.texts()).not.toContain(TEXTS.queued[0]);
    const stored = await readStorage(first.page);
    expect(stored.rows).toBeGreaterThanOrEqual(TEXTS.queued.length);
    expect(findPlaintext(stored.bytes, ALL)).toEqual([]);

    await first.context.setOffline(false);
    await expect.poll(() => first.waiting(), PATIENT).toBe(0);
    await expect
      .poll(async () => (await first.texts()).toSorted(), PATIENT)
      .toEqual([...history, ...TEXTS.queued.map((text) => `*${text}`), TEXTS.missed].toSorted());
    // Neither side had seen what the other wrote: their clocks decide the order, the same for both.
    history.splice(0, history.length, ...(await first.texts()));
    await bothShowHistory();
  });

  it('have their history after a reload, own messages included: those whose log still waits come from the outbox', async () => {
    await first.send(TEXTS.kept);
    history.push(`*${TEXTS.kept}`);
    await bothShowHistory();
    await first.page.reload();
    await first.online();
    await first.choose(2);
    await bothShowHistory();
    await first.send(TEXTS.reloaded);
    history.push(`*${TEXTS.reloaded}`);
    await bothShowHistory();
  });

  it('go on by themselves after the relay was restarted', async () => {
    await stack.stopRelay();
    for (const window of [first, second])
      await expect.poll(() => window.connection(), PATIENT).toBe('offline');
    expect(await first.byId('connection-banner').isVisible()).toBe(true);
    await first.send(TEXTS.during);
    await expect.poll(() => first.waiting(), PATIENT).toBe(1);
    await stack.startRelay();
    history.push(`*${TEXTS.during}`);
    await bothShowHistory();
    await second.send(TEXTS.after);
    history.push(TEXTS.after);
    await bothShowHistory();
    expect(await first.byId('connection-banner').count()).toBe(0);
  });

  it('carry a text that needs more than one blob', async () => {
    await second.send(TEXTS.long);
    history.push(TEXTS.long);
    await bothShowHistory();
  });

  it('have their own messages in a fresh browser too, from the sent log alone', async () => {
    await expect.poll(async () => (await readStorage(second.page)).rows, PATIENT).toBe(0);
    const elsewhere = await MemberWindow.open(browser, stack.pages.second);
    await elsewhere.online();
    await elsewhere.choose(1);
    await expect.poll(() => elsewhere.texts(), PATIENT).toEqual(asSecond());
    await elsewhere.close();
  });
});

describe('what anybody else could find', () => {
  it('would be found by this search in any usual encoding', () => {
    for (const text of ALL) {
      for (const form of disguises(text)) {
        expect(findPlaintext(Buffer.from(`..${form}..`, 'latin1'), [text])).toEqual([text]);
      }
      for (const padding of ['', 'a', 'ab']) {
        const encoded = Buffer.from(`${padding}${text}`).toString('base64');
        expect(findPlaintext(Buffer.from(encoded), [text])).toEqual([text]);
      }
    }
  });

  it('in the database is bodies of 65,536 bytes and no word of what was said, or of who', async () => {
    const { bytes, tables, bodySizes } = await readDatabase(stack.databaseUrl);
    expect(tables).toContain('public.blob');
    expect(bodySizes.length).toBeGreaterThan(history.length);
    expect(new Set(bodySizes)).toEqual(new Set([65_536]));
    expect(bytes.length).toBeGreaterThan(bodySizes.length * 65_536);
    expect(findPlaintext(bytes, ALL)).toEqual([]);
  });

  it('in the log of the relay is no word either', () => {
    expect(stack.relayLog()).toContain('listening');
    expect(findPlaintext(Buffer.from(stack.relayLog()), ALL)).toEqual([]);
  });

  it('in the browsers is the outbox alone, as ciphertext', async () => {
    for (const window of [first, second]) {
      const { bytes, others } = await readStorage(window.page);
      expect(others).toBe(0);
      expect(findPlaintext(bytes, ALL)).toEqual([]);
      expect(await window.context.cookies()).toEqual([]);
    }
    expect((await readStorage(first.page)).rows).toBeGreaterThan(0);
  });

  it('was asked of nobody but the own page and the relay, and without complaint', () => {
    for (const [window, page] of [
      [first, stack.pages.first],
      [second, stack.pages.second],
    ] as const) {
      const allowed = [page, stack.relayUrl].flatMap((origin) => [origin, origin.replace('http', 'ws')]);
      expect([...window.origins].filter((origin) => !allowed.includes(origin))).toEqual([]);
      expect(window.origins).toContain(stack.relayUrl.replace('http', 'ws'));
      expect(window.errors).toEqual([]);
    }
  });
});
