/** Pictures of groups, files, details, settings, search and of what the circle is told, each in light, in dark and on a phone. */
import { withMemberStore } from '@relay/admin-cli/services';
import { HeadlessMember } from '@relay/demo/parts';
import { attach, noise, sendTray, throttle, uploadedPart } from '../support/files.ts';
import { groupIds, openGroup } from '../support/groups.ts';
import { CircleKeeper } from '../support/roster.ts';
import type { MemberWindow } from '../support/window.ts';
import { GROUP } from './group-story.ts';
import type { Studio } from './looks.ts';
import { inAllLooks, LOOKS, openWindow, snap } from './looks.ts';

const HOUR = 3_600_000;

async function enter(window: MemberWindow): Promise<void> {
  const [id = ''] = await groupIds(window, GROUP);
  await openGroup(window, id);
}

async function leave(window: MemberWindow, gone: string): Promise<void> {
  await window.page.keyboard.press('Escape');
  await window.byId(gone).waitFor({ state: 'detached' });
  // The tooltip of the button that has the focus again would be in the picture.
  await window.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}

/** A group's thread, what can be done with a message, and its details. */
export async function takeGroup(studio: Studio): Promise<void> {
  await inAllLooks(studio, async (window, snapAs) => {
    await enter(window);
    await window.message('lighthouse.jpg').getByTestId('file-load').click();
    await window.byId('picture').waitFor();
    await window.page.waitForTimeout(300);
    const scroll = (to: number) =>
      window.page.getByRole('log').evaluate((log, top) => log.scrollTo(0, top), to);
    await scroll(0);
    await snapAs('group-photo');
    await scroll(100_000);
    await snapAs('group');
    const bubble = window.message('Two of those seats').locator('.message-text');
    await bubble.click({ button: 'right' });
    await window.byId('action-info').waitFor();
    await snapAs('message-menu');
    await window.byId('action-info').click();
    await window.byId('message-info').waitFor();
    await snapAs('message-info');
    await leave(window, 'message-info');
    await window.byId('details').click();
    await window.byId('details-members').waitFor();
    await snapAs('group-details');
    await window.byId('details-members').click();
    await window.byId('group-member-4').click();
    await snapAs('group-change');
  });
}

/** Files that were chosen, and one on its way. */
export async function takeFiles(studio: Studio): Promise<void> {
  await inAllLooks(studio, async (window, snapAs) => {
    await window.choose(2);
    const { name, ...film } = { name: 'harbour.mp4', mimeType: 'video/mp4', buffer: noise(3_400_000) };
    const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: noise(2_000) };
    await attach(window, [{ name, ...film }, notes]);
    await snapAs('tray');
    await throttle(window, 600_000);
    await sendTray(window);
    while (((await uploadedPart(window)) ?? 0) < 0.3) await window.page.waitForTimeout(50);
    await snapAs('upload');
    for (const button of await window.byId('upload-cancel').all()) await button.click();
  });
}

/** The dialogue for a new group, a member's details, the settings and the emergency. */
export async function takeDialogues(studio: Studio): Promise<void> {
  await inAllLooks(studio, async (window, snapAs) => {
    await window.byId('new-group').click();
    await window.byId('group-name').fill('Choir');
    for (const number of [2, 4, 5]) await window.byId(`group-member-${number}`).click();
    await snapAs('group-new');
    await leave(window, 'group-dialog');
    await window.byId('open-settings').click();
    await window.byId('settings').waitFor();
    await snapAs('settings');
    await window.byId('save-identity').click();
    await window.byId('new-passphrase').waitFor();
    await snapAs('save-identity');
    await leave(window, 'save-identity-dialog');
    await window.byId('panic').click();
    await window.byId('panic-confirm').waitFor();
    await snapAs('panic');
    await window.byId('confirm').getByRole('button', { name: 'Cancel' }).click();
    await leave(window, 'settings');
    await window.choose(2);
    await window.byId('details').click();
    await window.byId('safety-qr').waitFor();
    await snapAs('contact');
  });
}

/** The search, with hits and without. */
export async function takeSearch(studio: Studio): Promise<void> {
  await inAllLooks(studio, async (window, snapAs) => {
    await window.byId('open-search').click();
    await window.byId('search-field').fill('seat');
    await window.byId('search-hit').first().waitFor();
    await snapAs('search');
    await window.byId('search-field').fill('submarine');
    await window.page.getByText('Nothing with').waitFor();
    await snapAs('search-none');
  });
}

/** A member comes back after more than four days. */
export async function takeAbsence(studio: Studio): Promise<void> {
  for (const { before, after, options } of LOOKS) {
    const profile = await openWindow(studio, 'about:blank', options);
    const earlier = await profile.again(studio.stack.pages.ada, -100 * HOUR);
    await earlier.online();
    await earlier.page.waitForTimeout(1_600);
    await earlier.page.close();
    const back = await profile.again(studio.stack.pages.ada);
    await back.online();
    await back.byId('absence').waitFor();
    await snap(studio, back, `${before}absence${after}`);
    await back.close();
  }
}

/** While the mailbox is read, and when the relay refuses this member. */
export async function takeLoading(studio: Studio): Promise<void> {
  for (const { before, after, options } of LOOKS) {
    const window = await openWindow(studio, 'about:blank', options);
    await window.page.route('**/v1/mailbox/fetch', () => {});
    await window.page.goto(studio.stack.pages.ada);
    await window.page.locator('nav[aria-busy=true]').waitFor();
    await window.page.waitForTimeout(1_500);
    await snap(studio, window, `${before}loading${after}`);
    await window.close();
  }
}

/** Somebody was replaced: what is held back, and then the news. Changes the circle, so it comes last. */
export async function takeRoster(studio: Studio): Promise<void> {
  const { stack } = studio;
  const keeper = new CircleKeeper(stack);
  const { update, updated } = await keeper.replace(7, await keeper.secret());
  const bruno = await HeadlessMember.open(await updated(2), stack.relayUrl);
  await bruno.send('Ada', 'Goran has a new key, did you hear?');
  await bruno.close();
  await inAllLooks(studio, async (window, snapAs) => {
    await window.byId('roster-held').waitFor();
    await window.choose(2);
    await snapAs('roster-held');
  });
  await withMemberStore(stack.databaseUrl, (store) => store.publishRosterUpdate(update));
  await inAllLooks(studio, async (window, snapAs) => {
    await window.byId('roster-news').waitFor();
    await snapAs('roster-news');
  });
}
