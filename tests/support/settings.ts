import type { MemberWindow } from './window.ts';

/**
 * Sets a switch of a member's settings, as a person does.
 *
 * @param name - the switch's test id
 */
export async function setSwitch(window: MemberWindow, name: string, on: boolean): Promise<void> {
  await window.byId('open-settings').click();
  const button = window.byId(name);
  await button.waitFor();
  if ((await button.getAttribute('aria-checked')) !== String(on)) await button.click();
  await window.page.locator(`[data-testid=${name}][aria-checked=${on}]`).waitFor();
  await window.page.keyboard.press('Escape');
  await window.byId('settings').waitFor({ state: 'detached' });
}
