import { describe, expect, it } from 'vitest';
import { contact } from './fixtures.ts';
import { galleryPage } from './support/gallery-page.ts';

const { page, show, click, gone, calls } = galleryPage();
const idOf = (number: number) => contact(number).id;
const focused = () => page().evaluate(() => document.activeElement?.getAttribute('data-testid'));
const layout = () => page().getByTestId('call').getAttribute('data-layout');

describe('the call', () => {
  it('is led by its buttons', async () => {
    await show('call-group');
    for (const id of ['call-mute', 'call-deafen', 'call-camera', 'call-screen', 'call-leave'])
      await click(id);
    expect(await calls()).toEqual([
      ['setMuted', true],
      ['setDeafened', true],
      ['setCamera', false],
      ['setScreen', true],
      ['leaveCall'],
    ]);
  });

  it('is led by keys, but not while one types or holds Ctrl', async () => {
    await show('call-group');
    expect(await focused()).toBe('call');
    for (const key of ['m', 'd', 'v', 's', 'Control+m']) await page().keyboard.press(key);
    await expect.poll(layout).toBe('grid');
    await page().keyboard.press('l');
    await expect.poll(layout).toBe('speaker');
    await click('call-add');
    await page().getByTestId('call-people-find').pressSequentially('mdv');
    expect(await calls()).toEqual([
      ['setMuted', true],
      ['setDeafened', true],
      ['setCamera', false],
      ['setScreen', true],
    ]);
  });

  it('sends no camera where there are too many for it', async () => {
    await show('call-crowd');
    await page().keyboard.press('v');
    // To reach it and to hear why, it is not disabled for the browser.
    await page().getByTestId('call-camera').click({ force: true });
    expect(await calls()).toEqual([]);
  });

  it('says that there are too many for cameras, and has one that is still on switched off', async () => {
    await show('call-crowd-filmed');
    await page().getByTestId('call-camera-cap').waitFor();
    await page().keyboard.press('v');
    await click('call-camera');
    expect(await calls()).toEqual([
      ['setCamera', false],
      ['setCamera', false],
    ]);
  });

  it('is talked in while the space bar is held, which presses no button then', async () => {
    await show('call-push-to-talk');
    await page().getByTestId('call-mute').focus();
    await page().keyboard.down(' ');
    await page().keyboard.down(' ');
    await page().keyboard.up(' ');
    await page().keyboard.down(' ');
    await page().evaluate(() => window.dispatchEvent(new Event('blur')));
    expect((await calls()).at(-1)).toEqual(['setTalking', false]);
    await page().keyboard.up(' ');
    await page().keyboard.press('Enter');
    expect(await calls()).toEqual([
      ['setTalking', true],
      ['setTalking', false],
      ['setTalking', true],
      ['setTalking', false],
      ['setMuted', true],
    ]);
  });

  it('shows somebody large, and all alike again', async () => {
    await show('call-group');
    const tile = page().locator('[data-testid=tile][data-member="3"]');
    await tile.hover();
    await tile.getByTestId('tile-more').click();
    await click('tile-pin');
    await expect.poll(layout).toBe('speaker');
    expect(await tile.getAttribute('data-place')).toBe('large');
    await click('call-layout');
    expect(await page().locator('.call-large > .tile').count()).toBe(6);
  });

  it('goes above other windows where there is a picture to show', async () => {
    await show('call-two');
    expect(await page().getByTestId('call-pip').isEnabled()).toBe(true);
    await page().evaluate(() => {
      HTMLVideoElement.prototype.requestPictureInPicture = function () {
        Object.assign(window, { above: (this.srcObject as MediaStream).getVideoTracks().length });
        return Promise.reject(new Error());
      };
    });
    await click('call-pip');
    await expect.poll(() => page().evaluate(() => (window as unknown as { above?: number }).above)).toBe(1);
    await show('call-voices');
    expect(await page().getByTestId('call-pip').isDisabled()).toBe(true);
  });

  it('sets how loud somebody is', async () => {
    await show('call-tile-more');
    await page().getByTestId('tile-volume').press('ArrowLeft');
    expect(await calls()).toEqual([['setVolume', idOf(5), 0.55]]);
  });

  it('adds people, and says who cannot be seen then', async () => {
    await show('call-add-people');
    expect(await page().getByTestId('call-person-2').count()).toBe(0);
    for (const number of [8, 9, 10]) await click(`call-person-${number}`);
    await page().getByText('With more than eight, cameras are off').waitFor();
    await click('call-add-submit');
    await gone('call-people');
    expect(await calls()).toEqual([['addToCall', [6, 8, 9, 10].map(idOf)]]);
  });

  it('shows a screen large as soon as it is shared', async () => {
    await show('call-screen-shared');
    await expect.poll(layout).toBe('speaker');
    const screen = page().getByTestId('tile-screen');
    expect([await screen.getAttribute('data-member'), await screen.getAttribute('data-place')]).toEqual([
      '2',
      'large',
    ]);
  });

  it('goes small beside conversations and back, with the focus', async () => {
    await show('call-two');
    await click('call-shrink');
    await page().getByTestId('call-small').waitFor();
    await click('conversation-3');
    await page().getByTestId('composer').fill('m');
    expect(await calls()).toEqual([]);
    await click('call-expand');
    expect(await focused()).toBe('call');
  });

  it('asks again for a device that another program had', async () => {
    await show('call-troubled');
    await click('camera-retry');
    await click('call-hear');
    expect(await calls()).toEqual([['setCamera', true], ['playSound']]);
  });

  it('that nobody took is tried again, or put away', async () => {
    await show('call-unanswered');
    await click('call-again');
    await click('call-dismiss');
    expect(await calls()).toEqual([
      ['dismissCall'],
      ['prepareCall', { conversationId: 'conversation 2' }, false],
      ['dismissCall'],
    ]);
  });
});

describe('voices', () => {
  it('play whatever is shown, as loud as each is set', async () => {
    await show('call-voices-heard');
    const voices = page().getByTestId('voice');
    const heard = () =>
      voices.evaluateAll((all) =>
        (all as HTMLAudioElement[]).map(({ muted, volume, paused }) => ({ muted, volume, paused })),
      );
    await expect.poll(heard).toEqual([{ muted: false, volume: 0.25, paused: false }]);
    await voices.evaluate((it) => it.setAttribute('data-mark', 'same'));
    await click('call-shrink');
    await page().getByTestId('call-small').waitFor();
    expect(await voices.getAttribute('data-mark')).toBe('same');
    expect(await heard()).toEqual([{ muted: false, volume: 0.25, paused: false }]);
  });

  it('are silent for who is deafened', async () => {
    await show('call-voices-deaf');
    const muted = await page()
      .getByTestId('voice')
      .evaluateAll((all) => (all as HTMLAudioElement[]).map((it) => it.muted));
    expect(muted).toEqual([true]);
  });
});
