import { describe, expect, it } from 'vitest';
import { contact } from './fixtures.ts';
import { galleryPage } from './support/gallery-page.ts';

const { page, show, click, gone, calls } = galleryPage();
const idOf = (number: number) => contact(number).id;
const focused = () => page().evaluate(() => document.activeElement?.getAttribute('data-testid'));

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
    await show('ringing-more');
    expect(await page().locator('.ringing :focus').count()).toBe(0);
    await show('ringing-one');
    await page().getByTestId('composer').fill('Almost done');
    expect(await focused()).toBe('composer');
    await page().keyboard.press('Shift+Enter');
    expect(await calls()).toEqual([]);
    expect(await page().locator('.ringing [role=alert]').textContent()).toBe('Voice call from Tomás Okafor');
    expect(await page().title()).toBe('Tomás Okafor calls');
  });

  it('says why it could not be answered', async () => {
    await show('ringing-refused');
    await click('ring-accept');
    expect(await page().getByTestId('fault').getAttribute('data-code')).toBe('calls_unreachable');
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
    await show('call-refused');
    expect(await calls()).toEqual([['prepareCall', { conversationId: 'conversation 3' }, true]]);
    expect(await page().getByTestId('fault').getAttribute('data-code')).toBe('calls_unreachable');
  });

  it('say at their line why they cannot be joined any more', async () => {
    await show('call-item-refused');
    expect(await calls()).toEqual([['prepareJoin', 'call of 2', true]]);
    const fault = page().getByTestId('fault');
    expect(await fault.getAttribute('data-code')).toBe('call_over');
    await page().keyboard.press('Escape');
    await expect.poll(() => fault.count()).toBe(0);
    expect(await focused()).toBe('call-item-join');
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
