/** What a person does with groups, and how a window shows them. */
import type { Locator } from 'playwright-core';
import type { MemberWindow } from './window.ts';

/** The rows of groups with that name; those that another one continues have none. */
export function groupRows(window: MemberWindow, name: string): Locator {
  return window.page
    .locator('[data-testid^=group-][data-id]')
    .filter({ has: window.page.locator('.conversation-name').getByText(name, { exact: true }) });
}

/** Ids of the groups with that name in the list. */
export async function groupIds(window: MemberWindow, name: string): Promise<string[]> {
  return groupRows(window, name).evaluateAll((all) => all.map((row) => row.getAttribute('data-id') ?? ''));
}

/** Opens a group by its id. */
export async function openGroup(window: MemberWindow, id: string): Promise<void> {
  await window.byId(`group-${id}`).click();
  await window.byId('composer').or(window.byId('frozen')).waitFor();
}

/** Makes a group by the dialogue, which then is open. @returns its id */
export async function makeGroup(window: MemberWindow, name: string, numbers: number[]): Promise<string> {
  await window.byId('new-group').click();
  await window.byId('group-name').fill(name);
  for (const number of numbers) await window.byId(`group-member-${number}`).click();
  await window.byId('group-submit').click();
  await window.byId('group-dialog').waitFor({ state: 'detached' });
  await window.byId('composer').waitFor();
  return openId(window);
}

/** Makes a group in the first window, and opens it in the others. @returns its id */
export async function shareGroup(
  [maker, ...others]: readonly [MemberWindow, ...MemberWindow[]],
  name: string,
  numbers: number[],
): Promise<string> {
  const id = await makeGroup(maker, name, numbers);
  for (const window of others) await openGroup(window, id);
  return id;
}

/** Id of the conversation that is open. */
export async function openId(window: MemberWindow): Promise<string> {
  const row = window.page.locator('[data-id][aria-current=true]');
  return (await row.getAttribute('data-id')) ?? '';
}

/** Gives the open group another name. */
export async function rename(window: MemberWindow, name: string): Promise<void> {
  await window.byId('details').click();
  await window.byId('details-rename').click();
  await window.byId('details-name').fill(name);
  await window.byId('details-name-save').click();
  await window.byId('details-name').waitFor({ state: 'detached' });
  await closeDetails(window);
}

/** Goes on with other members: those of the numbers are taken in where they were not, and left out where they were. @returns the id of the new group, which then is open */
export async function changeMembers(window: MemberWindow, numbers: number[]): Promise<string> {
  const before = await openId(window);
  await window.byId('details').click();
  await window.byId('details-members').click();
  for (const number of numbers) await window.byId(`group-member-${number}`).click();
  await window.byId('group-submit').click();
  await window.byId('group-dialog').waitFor({ state: 'detached' });
  await window.page.locator(`[data-id][aria-current=true]:not([data-id="${before}"])`).waitFor();
  await window.byId('composer').waitFor();
  return openId(window);
}

/** Leaves the open group, and says yes. */
export async function leave(window: MemberWindow): Promise<void> {
  await window.byId('details').click();
  await window.byId('details-leave').click();
  await window.byId('leave-confirm').click();
  await window.byId('confirm').waitFor({ state: 'detached' });
  await closeDetails(window);
}

/** Names of those in the open group, as its details list them. */
export async function membersShown(window: MemberWindow): Promise<string[]> {
  await window.byId('details').click();
  const names = await window.page
    .locator('[data-testid^=details-member-]')
    .evaluateAll((all) => all.map((one) => one.textContent ?? ''));
  await closeDetails(window);
  return names;
}

async function closeDetails(window: MemberWindow): Promise<void> {
  await window.page.getByTestId('details-pane').getByRole('button', { name: 'Close' }).click();
  await window.byId('details-pane').waitFor({ state: 'detached' });
}
