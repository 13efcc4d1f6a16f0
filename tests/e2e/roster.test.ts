import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HeadlessMember } from '@relay/demo/parts';
import { isRelayError, loadIdentity } from '@relay/protocol';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { blobsOf, sessionsOf } from '../support/mailbox.ts';
import { PATIENT } from '../support/patience.ts';
import type { Replacement } from '../support/roster.ts';
import { CircleKeeper } from '../support/roster.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';
import { readStorage } from '../support/stored.ts';
import { MemberWindow } from '../support/window.ts';

const LABELS = ['Ada', 'Bruno', 'Chiara'];
const PASSPHRASE = 'a passphrase of the new file';
const ADMIN = resolve(import.meta.dirname, '../../admin-cli/bin/relay-admin.js');

let browser: Browser;
let stack: Stack<'ada' | 'anybody'>;
let folder: string;
let ada: MemberWindow;
let keeper: CircleKeeper;
let replacement: Replacement;
let saved: Buffer;

function relayAdmin(...args: string[]) {
  const env = { ...process.env, DATABASE_URL: stack.databaseUrl };
  return spawnSync(process.execPath, [ADMIN, ...args], { env, encoding: 'utf8' });
}

/** Opens the conversation with the holder of a number, of those with its former holders beside it. */
async function chooseNew(number: number): Promise<void> {
  for (const row of await ada.byId(`conversation-${number}`).all()) {
    await row.click();
    await ada.byId('composer').or(ada.byId('frozen')).waitFor();
    if ((await ada.byId('composer').count()) === 1) return;
  }
  throw new Error(`There is no conversation with number ${number} that can be written to.`);
}

function publish(update: Uint8Array): void {
  const path = join(folder, 'roster-update.bin');
  writeFileSync(path, update);
  expect(relayAdmin('roster', 'publish', path)).toMatchObject({ status: 0, stderr: '' });
}

beforeAll(async () => {
  folder = mkdtempSync('/var/tmp/relay-roster-');
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack(inject('postgresUrl'), LABELS, { ada: { member: 1 }, anybody: {} }),
  ]);
  ada = await MemberWindow.open(browser, stack.pages.ada);
  await ada.online();
  keeper = new CircleKeeper(stack);
  // Under the secret of before: what tells of a roster can then be opened by who does not have it.
  replacement = await keeper.replace(3, await keeper.secret());
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a member who was replaced', () => {
  it('makes everybody who hears of it hold what they write, until the relay serves the update', async () => {
    await ada.choose(2);
    const bruno = await HeadlessMember.open(await replacement.updated(2), stack.relayUrl);
    await bruno.send('Ada', 'I have the new list');
    await ada.message('I have the new list').waitFor();
    await ada.byId('roster-held').waitFor();
    expect(await ada.byId('roster-held').getAttribute('data-code')).toBe('roster_stale');
    // Bruno's own copy of what he sent comes into the same mailbox.
    await expect.poll(async () => (await blobsOf(stack, 2)).length, PATIENT).toBe(1);
    const before = await blobsOf(stack, 2);
    await ada.send('This waits for the list');
    await expect.poll(() => ada.waiting(), PATIENT).toBe(1);
    await ada.byId('roster-ask').click();
    await expect.poll(() => ada.byId('roster-held').textContent(), PATIENT).toContain('does not serve');
    expect(await ada.waiting()).toBe(1);
    expect(await blobsOf(stack, 2)).toEqual(before);
    expect(await ada.byId('roster-news').count()).toBe(0);

    publish(replacement.update);
    await ada.byId('roster-ask').click();
    await ada.byId('roster-news').waitFor();
    await ada.byId('roster-held').waitFor({ state: 'detached' });
    await expect.poll(() => ada.waiting(), PATIENT).toBe(0);
    await bruno.receive('Ada', 'This waits for the list');
    await bruno.close();
  });

  it('is told of, and a new identity file is saved that opens on the new list by itself', async () => {
    const news = ada.byId('roster-news');
    expect(await news.textContent()).toContain('Roster no. 2');
    expect(await news.textContent()).toContain('Chiara has a new key');
    await ada.byId('roster-save-identity').click();
    await ada.byId('new-passphrase').fill(PASSPHRASE);
    await ada.byId('new-passphrase-again').fill(PASSPHRASE);
    const downloaded = ada.page.waitForEvent('download');
    await ada.byId('save-identity-submit').click();
    const path = join(folder, 'identity.bin');
    await (await downloaded).saveAs(path);
    await ada.byId('identity-saved').waitFor();
    saved = readFileSync(path);
    await expect(loadIdentity(saved)).rejects.toSatisfy((error) => isRelayError(error, 'identity_locked'));
    const { roster, member } = await loadIdentity(saved, PASSPHRASE);
    expect(roster.serial).toBe(2);
    expect(member.keyHash).toEqual((await loadIdentity(stack.identity(1))).member.keyHash);
    await ada.byId('save-identity-dialog').getByRole('button', { name: 'Done' }).click();
    await ada.byId('roster-dismiss').click();
    await news.waitFor({ state: 'detached' });

    const elsewhere = await MemberWindow.open(browser, stack.pages.anybody);
    await elsewhere.byId('identity-file').setInputFiles(path);
    await elsewhere.byId('passphrase').fill(PASSPHRASE);
    await elsewhere.byId('passphrase').press('Enter');
    await elsewhere.online();
    await elsewhere.byId('open-settings').click();
    expect(await elsewhere.byId('roster-serial').textContent()).toContain('Roster no. 2');
    expect(await elsewhere.byId('identity-old').count()).toBe(0);
    expect(await elsewhere.byId('roster-news').count()).toBe(0);
    await elsewhere.close();
  });

  it('is written to under the new key alone, also after a reload', async () => {
    const chiara = await HeadlessMember.open(replacement.replaced, stack.relayUrl);
    const old = await blobsOf(stack, 3);
    await ada.page.reload();
    await ada.online();
    expect(await ada.byId('roster-news').count()).toBe(0);
    await chooseNew(3);
    await ada.send('Welcome with your new key');
    await chiara.receive('Ada', 'Welcome with your new key');
    expect(await blobsOf(stack, 3)).toEqual(old);
    await chiara.send('Ada', 'It works');
    await ada.message('It works').waitFor();
    await chiara.close();
  });
});

describe('an update under a new circle secret', () => {
  it('is fetched as soon as something arrives that cannot be recognised without it', async () => {
    const next = await keeper.replace(2);
    publish(next.update);
    const bruno = await HeadlessMember.open(next.replaced, stack.relayUrl);
    await bruno.send('Ada', 'My second key');
    await ada.byId('roster-news').waitFor();
    expect(await ada.byId('roster-news').textContent()).toContain('Bruno has a new key');
    await ada.byId('roster-dismiss').click();
    await chooseNew(2);
    await ada.message('My second key').waitFor();
    expect(await ada.byId('notices').count()).toBe(0);
    await ada.send('Seen');
    await bruno.receive('Ada', 'Seen');
    await bruno.close();
  });
});

describe('panic', () => {
  it('asks, then empties the mailbox, ends all sessions, removes what is kept here, and locks', async () => {
    await expect.poll(() => ada.waiting(), PATIENT).toBe(0);
    expect((await blobsOf(stack, 1)).length).toBeGreaterThan(0);
    expect(await sessionsOf(stack, 1)).toBeGreaterThan(0);
    await ada.byId('open-settings').click();
    await ada.byId('panic').click();
    await ada.byId('confirm').getByRole('button', { name: 'Cancel' }).click();
    await ada.byId('confirm').waitFor({ state: 'detached' });
    expect((await blobsOf(stack, 1)).length).toBeGreaterThan(0);
    await ada.byId('panic').click();
    await ada.byId('panic-confirm').click();
    await ada.byId('identity-file').waitFor({ state: 'attached' });
    expect(await blobsOf(stack, 1)).toEqual([]);
    expect(await sessionsOf(stack, 1)).toBe(0);
    const { rows, frames, settings, others } = await readStorage(ada.page);
    expect([rows, frames, settings, others]).toEqual([0, 0, 0, 0]);
    expect(ada.errors).toEqual([]);
  });
});
