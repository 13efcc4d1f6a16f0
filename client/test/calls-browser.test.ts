import { describe, expect, it } from 'vitest';
import { contact } from './fixtures.ts';
import { galleryPage } from './support/gallery-page.ts';

const { page, show, click, gone, calls } = galleryPage();
const idOf = (number: number) => contact(number).id;
const focused = () => page().evaluate(() => document.activeElement?.getAttribute('data-testid'));
const layout = () => page().getByTestId('call').getAttribute('data-layout');

describe('the lobby', () => {
  it('begins with the button that calls, and Enter calls', async () => {
    await show('lobby');
    await expect.poll(focused).toBe('lobby-enter');
    await page().keyboard.press('Enter');
    expect(await calls()).toEqual([['enterCall']]);
  });

  it('shows oneself as in a mirror', async () => {
    await show('lobby');
    const video = page().getByTestId('lobby-preview').locator('video');
    await expect.poll(() => video.evaluate((it: HTMLVideoElement) => it.videoWidth)).toBeGreaterThan(0);
    expect(await video.getAttribute('data-mirrored')).toBe('true');
    expect(await video.evaluate((it: HTMLVideoElement) => it.muted)).toBe(true);
  });

  it('sets sound, camera and devices', async () => {
    await show('lobby');
    await click('lobby-mute');
    await click('lobby-camera');
    await click('noise-suppression');
    await click('device-microphone');
    await page().getByRole('option', { name: 'Built-in microphone' }).click();
    await click('device-microphone');
    await page().getByRole('option', { name: 'As the browser chooses' }).click();
    expect(await calls()).toEqual([
      ['setMuted', true],
      ['setCamera', false],
      ['changeSettings', { noiseSuppression: false }],
      ['chooseDevice', 'microphone', 'mic 1'],
      ['chooseDevice', 'microphone', undefined],
    ]);
  });

  it('lets nobody in where calls do not get through, and tries again', async () => {
    await show('lobby-refused');
    expect(await page().getByTestId('lobby-enter').isDisabled()).toBe(true);
    expect(await page().getByTestId('lobby-reach').getAttribute('data-phase')).toBe('failed');
    const codes = await page()
      .getByTestId('call-fault')
      .evaluateAll((all) => all.map((it) => it.getAttribute('data-code')));
    expect(codes).toEqual(['media_denied', 'media_taken', 'calls_unreachable']);
    await click('lobby-try');
    await page().keyboard.press('Escape');
    expect(await calls()).toEqual([['tryReach'], ['leaveLobby']]);
  });
});

describe('a call that rings', () => {
  it('takes no focus from who types, and no key answers it', async () => {
    await show('ringing-one');
    await page().getByTestId('composer').fill('Almost done');
    expect(await focused()).toBe('composer');
    await page().keyboard.press('Shift+Enter');
    expect(await calls()).toEqual([]);
    expect(await page().locator('.ringing [role=alert]').textContent()).toBe('Voice call from Tomás Okafor');
  });

  it('is answered, declined and silenced, each on its own', async () => {
    await show('ringing-more');
    const second = page().getByTestId('ringing').nth(1);
    await second.getByTestId('ring-silence').click();
    await second.getByTestId('ring-decline').click();
    await page().getByTestId('ring-accept').first().click();
    await page().getByTestId('ring-accept-camera').first().click();
    expect(await calls()).toEqual([
      ['silenceCall', 'call of 4'],
      ['declineCall', 'call of 4'],
      ['answerCall', 'call of 3', false],
      ['answerCall', 'call of 3', true],
    ]);
  });

  it('stands above a dialogue', async () => {
    await show('ringing-one');
    await click('open-settings');
    await page().getByTestId('settings').waitFor();
    await click('ring-accept');
    expect(await calls()).toEqual([['answerCall', 'call of 2', false]]);
  });
});

describe('calls in conversations', () => {
  it('begin from the head of a thread', async () => {
    await show('ringing-one');
    await page().setViewportSize({ width: 1800, height: 900 });
    await page()
      .locator('.ringing')
      .evaluate((it) => it.remove());
    await click('call-video');
    await page().setViewportSize({ width: 1280, height: 900 });
    expect(await calls()).toEqual([['prepareCall', { conversationId: 'conversation 3' }, true]]);
  });

  it('are joined from the head, the line and the banner', async () => {
    await show('call-thread');
    await click('call-voice');
    await click('call-item-join');
    await click('call-join');
    expect(await calls()).toEqual([
      ['prepareJoin', 'call of 2', false],
      ['prepareJoin', 'call of 2', true],
      ['prepareJoin', 'call of 2', true],
    ]);
  });

  it('are moved here, or gone back into, at once', async () => {
    await show('call-banners');
    for (const place of [0, 1, 2]) await page().getByTestId('call-join').nth(place).click();
    expect(await calls()).toEqual([
      ['prepareJoin', 'call of 3', true],
      ['answerCall', 'call of 2', false],
      ['answerCall', 'call of 4', false],
    ]);
  });

  it('begin with people who are picked', async () => {
    await show('call-new');
    await click('new-call-voice');
    await gone('call-people');
    expect(await calls()).toEqual([['prepareCall', { members: [idOf(2), idOf(4)] }, false]]);
  });
});

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

  it('is talked in while the space bar is held, which presses no button then', async () => {
    await show('call-push-to-talk');
    await page().getByTestId('call-mute').focus();
    await page().keyboard.down(' ');
    await page().keyboard.down(' ');
    await page().keyboard.up(' ');
    await page().keyboard.down(' ');
    await page().evaluate(() => window.dispatchEvent(new Event('blur')));
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

describe('settings of calls', () => {
  it('warn of direct mode, and change what they say', async () => {
    await show('settings-calls');
    await page().getByTestId('direct-calls-warning').waitFor();
    await click('direct-calls');
    await click('push-to-talk');
    await click('echo-cancellation');
    expect(await calls()).toEqual([
      ['changeSettings', { directCalls: false }],
      ['changeSettings', { pushToTalk: false }],
      ['changeSettings', { echoCancellation: false }],
    ]);
  });
});
