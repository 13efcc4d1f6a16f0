import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateIdentities } from '@relay/admin-cli/services';
import { fingerprintOf, loadIdentity } from '@relay/protocol';
import type { Browser, Page } from 'playwright-core';
import decodeQR from 'qr/decode.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';

// The sheet of `relay-admin identities print`, as a browser shows it on screens and on paper.
const LAUNCHER = resolve(import.meta.dirname, '../../admin-cli/bin/relay-admin.js');
const RELAY = 'https://relay-with-a-rather-long-name.example.org';
const LABELS = ['Maximiliane-Theodora von und zu Hohenlohe', 'Bo'];
/** A4 at 96 dots per inch, without the margins of the page. */
const PAPER = { width: Math.round(((210 - 36) / 25.4) * 96), height: Math.round(((297 - 36) / 25.4) * 96) };
const POINT = 96 / 72;

let browser: Browser;
let folder: string;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relay-handover-'));
  await generateIdentities({ directory: join(folder, 'circle'), labels: LABELS });
  execFileSync(
    process.execPath,
    [
      LAUNCHER,
      'identities',
      'print',
      'circle/identity-01.bin',
      'circle/identity-02.bin',
      '--relay',
      RELAY,
      '--out',
      'sheets.html',
    ],
    { cwd: folder },
  );
  browser = await startBrowser();
  page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, 'sheets.html')).href);
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a camera reads from a picture of an element: another page turns the picture into pixels. */
async function scan(picture: Buffer): Promise<string> {
  const easel = await browser.newPage();
  const { width, height, pixels } = await easel.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return { width: image.width, height: image.height, pixels: [...data] };
  }, picture.toString('base64'));
  await easel.close();
  return decodeQR({ width, height, data: Uint8Array.from(pixels) });
}

/** Texts that are cut off or run out of the page, and the size of the smallest, in CSS pixels. */
function measure(): Promise<{ outside: string[]; smallest: number; pale: string[] }> {
  return page.evaluate(() => {
    const outside: string[] = [];
    const pale: string[] = [];
    let smallest = 1_000;
    for (const element of document.querySelectorAll<HTMLElement>('article *:not(svg *)')) {
      const { left, right } = element.getBoundingClientRect();
      if (left < -1 || right > document.documentElement.clientWidth + 1)
        outside.push(element.outerHTML.slice(0, 80));
      const style = getComputedStyle(element);
      if ((element.textContent ?? '').trim() !== '')
        smallest = Math.min(smallest, Number.parseFloat(style.fontSize));
      const [red = 0, green = 0, blue = 0] = style.color.match(/\d+/g)?.map(Number) ?? [];
      if (red + green + blue > 3 * 0x55) pale.push(element.outerHTML.slice(0, 80));
    }
    return { outside, smallest, pale };
  });
}

it.each([
  ['on a phone', { width: 360, height: 740 }, 'screen'],
  ['on a wide screen', { width: 1_280, height: 900 }, 'screen'],
  ['on paper', PAPER, 'print'],
] as const)(
  '%s, both codes can be read, and text is dark, large enough and whole',
  async (_, size, media) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ media });
    const { member, roster } = await loadIdentity(
      new Uint8Array(readFileSync(join(folder, 'circle/identity-01.bin'))),
    );
    const codes = page.locator('article').first().locator('svg');
    expect(await codes.count()).toBe(2);
    const said = [await scan(await codes.nth(0).screenshot()), await scan(await codes.nth(1).screenshot())];
    expect(said).toEqual([
      `relay identity 1\nkey ${fingerprintOf(member.keyHash)}\ncircle ${fingerprintOf(roster.circleId)}`,
      RELAY,
    ]);
    const { outside, smallest, pale } = await measure();
    expect(outside).toEqual([]);
    expect(pale).toEqual([]);
    // Two lines of four groups each, so that nobody loses the place.
    const tops = await page
      .locator('.print')
      .first()
      .locator('span')
      .evaluateAll((groups) => groups.map((group) => group.getBoundingClientRect().top));
    expect(tops.map((top) => (top === tops[0] ? 1 : 2)).join('')).toBe('11112222');
    // Ten points, below which paper is read with effort.
    expect(smallest).toBeGreaterThanOrEqual(10 * POINT);
  },
);

it('prints one sheet of A4 for each member', async () => {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(LABELS.length);
  const [, width, height] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
  expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
});

it('loads nothing and runs nothing', async () => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.reload();
  expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
  expect(await page.locator('script, link, img, iframe').count()).toBe(0);
});
