/** What a person does with a message: by its menu, its buttons and its dialogues. Texts name messages of the open conversation. */
import type { MemberWindow } from './window.ts';

/** Chooses something from the menu of a message: `edit`, `reply`, `info`, … */
export async function choose(window: MemberWindow, text: string, action: string): Promise<void> {
  const message = window.message(text);
  await message.hover();
  await message.getByTestId('message-actions').click();
  await window.byId(`action-${action}`).click();
}

/** Reacts with one of the six emoji that are offered first; the same one again takes it back. */
export async function react(window: MemberWindow, text: string, emoji: string): Promise<void> {
  const message = window.message(text);
  await message.hover();
  await message.getByTestId('quick-react').click();
  await window.byId('reaction-picker').getByRole('button', { name: emoji, exact: true }).click();
  await window.byId('reaction-picker').waitFor({ state: 'detached' });
}

/** The reactions to a message, in words. */
export async function reactions(window: MemberWindow, text: string): Promise<(string | null)[]> {
  return window
    .message(text)
    .getByTestId('reaction')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
}

/** Answers a message. */
export async function reply(window: MemberWindow, text: string, words: string): Promise<void> {
  await choose(window, text, 'reply');
  await window.byId('replying').waitFor();
  await window.send(words);
  await window.byId('replying').waitFor({ state: 'detached' });
}

/** Changes the words of an own message. */
export async function edit(window: MemberWindow, text: string, words: string): Promise<void> {
  await choose(window, text, 'edit');
  await window.byId('editing').waitFor();
  await window.send(words);
  await window.byId('editing').waitFor({ state: 'detached' });
}

/** Deletes a message, and says yes. */
export async function remove(window: MemberWindow, text: string, whom: 'me' | 'everyone'): Promise<void> {
  await choose(window, text, 'delete');
  await window.byId(`delete-for-${whom}`).click();
  await window.byId('confirm').waitFor({ state: 'detached' });
}

/** How far a message got with each of its recipients, as `name: delivery`. */
export async function recipients(window: MemberWindow, text: string): Promise<string[]> {
  await choose(window, text, 'info');
  await window.byId('message-info').waitFor();
  const found = await window
    .byId('recipient')
    .evaluateAll((all) =>
      all.map((one) => `${one.querySelector('strong')?.textContent}: ${one.getAttribute('data-delivery')}`),
    );
  await window.page.keyboard.press('Escape');
  await window.byId('message-info').waitFor({ state: 'detached' });
  return found;
}

/** The gaps of the open conversation, as `reason: count`. */
export async function gaps(window: MemberWindow): Promise<string[]> {
  return window
    .byId('gap')
    .evaluateAll((all) =>
      all.map((gap) => `${gap.getAttribute('data-reason')}: ${gap.getAttribute('data-count')}`),
    );
}
