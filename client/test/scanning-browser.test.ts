import encodeQR from 'qr';
import { describe, expect, it } from 'vitest';
import { contact } from './fixtures.ts';
import { galleryPage } from './support/gallery-page.ts';

const { page, show, click, gone, calls } = galleryPage();
const idOf = (number: number) => contact(number).id;

/** Puts a picture of a code, or a fault, in the place of the camera. */
async function beforeCamera(code: string | { fault: string }): Promise<void> {
  const scene = typeof code === 'string' ? { rows: encodeQR(code, 'raw', { border: 4 }) } : code;
  await page().evaluate((given) => {
    const camera = { asked: 0, tracks: [] as MediaStreamTrack[] };
    Object.assign(window, { camera });
    navigator.mediaDevices.getUserMedia = async () => {
      camera.asked += 1;
      if ('fault' in given) throw new DOMException('', given.fault);
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      canvas.width = canvas.height = given.rows.length * 8;
      const draw = () => {
        if (context === null) return;
        context.fillStyle = 'white';
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.fillStyle = 'black';
        for (const [y, row] of given.rows.entries())
          for (const [x, dark] of row.entries()) if (dark) context.fillRect(x * 8, y * 8, 8, 8);
      };
      draw();
      // A canvas gives a picture each time that it is drawn on.
      setInterval(draw, 100);
      const stream = canvas.captureStream();
      camera.tracks = stream.getTracks();
      return stream;
    };
  }, scene);
}

const camera = () =>
  page().evaluate(() => {
    const { asked, tracks } = (window as unknown as { camera: { asked: number; tracks: MediaStreamTrack[] } })
      .camera;
    return { asked, live: tracks.filter(({ readyState }) => readyState === 'live').length };
  });

describe('scanning', () => {
  const own = contact(2).safetyCode ?? '';

  it('asks for the camera only then, verifies on a match, and is off', async () => {
    await show('details');
    await beforeCamera(own);
    expect(await camera()).toEqual({ asked: 0, live: 0 });
    await click('scan-code');
    await page().getByTestId('scan-outcome').waitFor();
    expect(await page().getByTestId('scan-outcome').getAttribute('data-outcome')).toBe('match');
    expect(await calls()).toEqual([['setVerified', idOf(2), true]]);
    await expect.poll(camera).toEqual({ asked: 1, live: 0 });
  });

  it('warns of a mismatch, verifies nothing, and can look again', async () => {
    await show('details');
    await beforeCamera(contact(3).safetyCode ?? '');
    await click('scan-code');
    expect(await page().getByTestId('scan-outcome').innerText()).toContain('The codes do not match');
    expect(await calls()).toEqual([]);
    await beforeCamera(own);
    await click('scan-again');
    await expect.poll(calls).toEqual([['setVerified', idOf(2), true]]);
  });

  it('goes on looking at a code of something else, until it is closed', async () => {
    await show('details');
    await beforeCamera('https://example.org/menu');
    await click('scan-code');
    await page().getByText('This code is not a safety number').waitFor();
    expect((await camera()).live).toBe(1);
    await page().keyboard.press('Escape');
    await gone('scan');
    await expect.poll(camera).toEqual({ asked: 1, live: 0 });
    expect(await page().getByTestId('safety-number').isVisible()).toBe(true);
  });

  it.each([
    ['NotAllowedError', 'denied', 'does not let this page use the camera'],
    ['NotFoundError', 'missing', 'finds no camera'],
    ['NotReadableError', 'failed', 'Another program may be using it'],
  ])('says what to do on %s', async (fault, code, words) => {
    await show('details');
    await beforeCamera({ fault });
    await click('scan-code');
    const shown = page().getByTestId('scan-fault');
    expect(await shown.innerText()).toContain(words);
    expect(await shown.getAttribute('data-code')).toBe(code);
  });
});
