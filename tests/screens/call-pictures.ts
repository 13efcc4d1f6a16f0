/** Pictures of a call between two members, each in light, in dark and on a phone. Both windows are real, and so is the way between them. */
import { CallWindow } from '../support/call-window.ts';
import type { Studio } from './looks.ts';
import { DESK, LOOKS, snap } from './looks.ts';

/** From the lobby to what a call leaves in its conversation. */
export async function takeCalls(studio: Studio): Promise<void> {
  const { browser, stack, timezoneId } = studio;
  for (const { before, after, options } of LOOKS) {
    const open = (url: string) =>
      CallWindow.open(browser, url, { viewport: DESK, locale: 'en-GB', timezoneId, ...options });
    const [ada, bruno] = await Promise.all([open(stack.pages.ada), open(stack.pages.bruno)]);
    const snapAs = ({ window }: CallWindow, name: string) => snap(studio, window, `${before}${name}${after}`);
    await ada.window.choose(2);
    await ada.window.byId('call-video').click();
    await ada.window.page.locator('[data-testid=lobby-reach][data-phase=reached]').waitFor();
    // The camera takes a moment to show something.
    await ada.window.page.waitForTimeout(1_000);
    await snapAs(ada, 'call-lobby');
    await ada.enter();
    await bruno.window.byId('ringing').waitFor();
    await snapAs(bruno, 'call-ringing');
    await snapAs(ada, 'call-calling');
    await bruno.accept(true);
    await Promise.all([ada.seesFrames(1), bruno.seesFrames(1)]);
    // What is decoded is drawn a moment later.
    await ada.window.page.waitForTimeout(500);
    await snapAs(ada, 'call');
    if (options.isMobile !== true) {
      await bruno.press('screen');
      await ada.window.byId('tile-screen').waitFor();
      await ada.seesFrames(1, 2);
      await snapAs(ada, 'call-screen');
      await bruno.press('screen');
      await ada.window.byId('tile-screen').waitFor({ state: 'detached' });
    }
    await ada.press('mute');
    await ada.window.byId('call-shrink').click();
    await ada.window.byId('call-small').waitFor();
    await snapAs(ada, 'call-small');
    await bruno.press('leave');
    await ada.window.byId('call-ended').waitFor();
    await ada.dismiss();
    await ada.window.byId('call-item').last().waitFor();
    await snapAs(ada, 'call-over');
    await Promise.all([ada.close(), bruno.close()]);
  }
}
