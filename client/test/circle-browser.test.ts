import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { contact } from './fixtures.ts';
import { galleryPage } from './support/gallery-page.ts';

const { page, show, click, gone, calls } = galleryPage();
const idOf = (number: number) => contact(number).id;

describe('the dialogue of a group', () => {
  it('makes one of those who were ticked', async () => {
    await show('group-new');
    await page().getByTestId('group-name').fill('  Rowers ');
    await click('group-member-4');
    await page().getByTestId('group-find').fill('okafor');
    await click('group-member-2');
    expect(await page().getByTestId('group-count').innerText()).toBe('2 of 10 chosen');
    await page().getByTestId('group-name').press('Enter');
    await gone('group-dialog');
    expect(await calls()).toEqual([['createGroup', 'Rowers', [idOf(3), idOf(2)]]]);
    expect(await page().getByRole('heading', { level: 1 }).innerText()).toBe('Roof of the choir house');
  });

  it('takes the whole circle at once, and nobody', async () => {
    await show('group-new');
    await click('group-everyone');
    expect(await page().getByTestId('group-count').innerText()).toBe('10 of 10 chosen');
    await click('group-everyone');
    expect(await page().getByTestId('group-count').innerText()).toBe('0 of 10 chosen');
    await click('group-submit');
    expect(await page().getByTestId('group-dialog').getByRole('alert').innerText()).toContain('at least one');
    expect(await calls()).toEqual([]);
  });

  it('stays open with what was refused, and says why', async () => {
    await show('group-refused');
    expect(await page().getByTestId('fault').getAttribute('data-code')).toBe('quota_exceeded');
    expect(await page().getByTestId('group-count').innerText()).toBe('10 of 10 chosen');
    await show('group-name-refused');
    expect(await page().getByTestId('group-dialog').getByRole('alert').innerText()).toBe(
      'This name is too long.',
    );
  });

  it('says what a change of members means, and asks for it', async () => {
    await show('group-change');
    const dialog = page().getByTestId('group-dialog');
    expect(await dialog.innerText()).toContain('do not see what was written before');
    expect(await page().getByTestId('group-change').innerText()).toBe(
      'Added: Member 08\n\nRemoved: Tomás Okafor',
    );
    await click('group-member-8');
    await click('group-member-2');
    await click('group-submit');
    expect(await dialog.getByRole('alert').innerText()).toContain('These are the members already.');
    await click('group-member-9');
    await click('group-submit');
    await gone('group-dialog');
    expect(await calls()).toEqual([['changeMembers', 'group 1', [3, 4, 5, 2, 9].map(idOf)]]);
  });
});

describe('details', () => {
  it('rename a group in place, or leave the name alone', async () => {
    await show('group-rename');
    await page().getByTestId('details-name').fill('Roof');
    await page().keyboard.press('Escape');
    await click('details-rename');
    expect(await page().getByTestId('details-name').inputValue()).toBe('Roof of the choir house');
    await page().getByTestId('details-name').fill('Roof');
    await page().keyboard.press('Enter');
    await page().getByTestId('details-rename').waitFor();
    expect(await calls()).toEqual([['renameGroup', 'group 1', 'Roof']]);
  });

  it('leave a group once it was confirmed', async () => {
    await show('group-leave');
    await page().getByRole('button', { name: 'Cancel' }).click();
    expect(await calls()).toEqual([]);
    await click('details-leave');
    await click('leave-confirm');
    await expect.poll(calls).toEqual([['leaveGroup', 'group 1']]);
  });

  it('give and take a nickname', async () => {
    await show('details-verified');
    await page().getByTestId('nickname').fill('Skipper');
    await page().keyboard.press('Escape');
    expect(await page().getByTestId('nickname').inputValue()).toBe('Jonas');
    await page().getByTestId('nickname').fill(' Skipper ');
    await page().keyboard.press('Enter');
    await page().getByTestId('nickname').fill('');
    await page().getByTestId('mark-verified').focus();
    expect(await calls()).toEqual([
      ['setNickname', idOf(4), 'Skipper'],
      ['setNickname', idOf(4), ''],
    ]);
  });

  it('mark and unmark a member by hand', async () => {
    await show('details');
    await click('mark-verified');
    expect(await calls()).toEqual([['setVerified', idOf(2), true]]);
    await show('details-verified');
    await click('mark-verified');
    expect(await calls()).toEqual([['setVerified', idOf(4), false]]);
  });
});

describe('settings', () => {
  it('change what they say', async () => {
    await show('settings');
    await click('theme-dark');
    await click('read-receipts');
    await click('keep-on-device');
    expect(await calls()).toEqual([
      ['changeSettings', { theme: 'dark' }],
      ['changeSettings', { readReceipts: true }],
      ['changeSettings', { keepOnDevice: false }],
    ]);
  });

  it('save a new identity file under a passphrase that was given twice', async () => {
    await show('settings-save');
    expect(await page().getByRole('alert').innerText()).toBe('The two are not the same.');
    await page().getByTestId('new-passphrase-again').fill('seven small boats');
    const [saved] = await Promise.all([page().waitForEvent('download'), click('save-identity-submit')]);
    expect(saved.suggestedFilename()).toBe('identity.bin');
    expect([...(await readFile(await saved.path()))]).toEqual([1, 2, 3]);
    await page().getByTestId('identity-saved').waitFor();
    expect(await calls()).toEqual([['makeIdentityFile', 'seven small boats']]);
  });

  it('save one without a passphrase, and recommend it when the roster is newer', async () => {
    await show('settings-old-file');
    expect(await page().getByTestId('identity-old').innerText()).toContain('older than this');
    await click('save-identity');
    await Promise.all([page().waitForEvent('download'), click('save-identity-submit')]);
    expect(await calls()).toEqual([['makeIdentityFile', undefined]]);
  });

  it('end everything in two steps, and not in one', async () => {
    await show('settings-panic');
    await page().keyboard.press('Escape');
    await gone('panic-confirm');
    expect(await calls()).toEqual([]);
    await click('panic');
    await click('panic-confirm');
    await expect.poll(calls).toEqual([['panic']]);
  });
});

describe('news of the circle', () => {
  it('name every change, and go away when they were read', async () => {
    await show('roster-news');
    const words = await page().getByTestId('roster-news').innerText();
    for (const part of ['Northern Harbour has a new key', 'Compare safety numbers again', 'Member 12 is new'])
      expect(words).toContain(part);
    expect(words).toContain('Member 07 was removed');
    await page().keyboard.press('Enter');
    expect(await calls()).toEqual([]);
    await click('roster-dismiss');
    expect(await calls()).toEqual([['dismissRosterNews']]);
  });

  it('offer to save the identity anew', async () => {
    await show('roster-news');
    await click('roster-save-identity');
    await Promise.all([page().waitForEvent('download'), click('save-identity-submit')]);
    expect(await calls()).toEqual([['makeIdentityFile', undefined]]);
  });

  it('ask again for a roster, and dismiss an absence', async () => {
    await show('roster-held');
    await click('roster-ask');
    await click('absence-dismiss');
    expect(await calls()).toEqual([['fetchRoster'], ['dismissAbsence']]);
  });
});

describe('the search', () => {
  it('goes to a message with arrows and Enter, and ends with Escape', async () => {
    await show('search-hits');
    const marked = page().locator('[data-testid=search-hit][aria-selected=true]');
    const first = await marked.innerText();
    expect(first).toContain('Haha, thank you');
    expect(await page().locator('.search-hit mark').first().innerText()).toBe('the');
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('ArrowDown');
    expect(await marked.innerText()).toContain('Are you there?');
    await page().keyboard.press('Enter');
    expect(await page().getByRole('heading', { level: 1 }).innerText()).toBe('Mei');
    await page().getByTestId('search-field').press('Escape');
    await gone('search');
    await page().getByTestId('conversation-2').waitFor();
  });

  it('says that it looks no further than this page', async () => {
    await show('search-none');
    await page().getByText('Nothing with “harbour master”').waitFor();
    await page().getByText('Only what is on this page is searched').waitFor();
    await page().getByTestId('search-field').fill('');
    await page().getByText('Nothing is stored, so what has expired is not found.').waitFor();
  });
});
