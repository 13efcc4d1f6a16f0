import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { ViteDevServer } from 'vite';
import { createServer } from 'vite';
import { securityHeaders } from '../../vite/security-headers.ts';
import { scenes } from './scenes.ts';

const client = join(import.meta.dirname, '../..');

/** Starts Debian's Chromium, or the one that `CHROMIUM` names. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Where a page server keeps what it has bundled: a folder of its own for each worker of the tests, as two servers in one get into each other's way. */
export function cacheOf(name: string): string {
  return join(client, '../node_modules/.cache', `${name}-${process.env.VITEST_POOL_ID ?? 0}`);
}

/** Serves the gallery's page on a free port of loopback. */
export async function serveGallery(): Promise<ViteDevServer> {
  const server = await createServer({
    configFile: false,
    root: import.meta.dirname,
    cacheDir: cacheOf('gallery'),
    logLevel: 'error',
    plugins: [react(), securityHeaders('http://localhost:4000')],
    server: { host: '127.0.0.1', port: 0, fs: { allow: [client, join(client, '../node_modules')] } },
  });
  return server.listen();
}

/** Opens the gallery; {@link showScene} goes on from there. */
export async function openGallery(page: Page, server: ViteDevServer): Promise<void> {
  await page.goto(server.resolvedUrls?.local[0] ?? '', { timeout: 120_000 });
}

/** Shows a scene afresh, and does on the page what the scene wants done. */
export async function showScene(page: Page, name: string): Promise<void> {
  const { click = [], fill = [], on, after = [], attach, draft, refusal } = scenes[name] ?? {};
  await page.evaluate(() => {
    location.hash = 'nothing';
  });
  await page.waitForFunction(() => document.querySelector('.gate, .frame') === null);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, name);
  await page.waitForSelector('.gate, .frame');
  for (const id of click) await page.getByTestId(id).click();
  for (const [id, text] of fill) await page.getByTestId(id).fill(text);
  if (on !== undefined) await page.locator('.message', { hasText: on }).last().click({ button: 'right' });
  for (const id of after) await page.getByTestId(id).click();
  if (attach)
    await page
      .getByTestId('file-input')
      .setInputFiles(
        attach.map(({ base64, ...about }) => ({ ...about, buffer: Buffer.from(base64, 'base64') })),
      );
  if (draft !== undefined) await page.getByTestId('composer').fill(draft);
  if (refusal !== undefined) await page.getByTestId('send').click();
  if (refusal !== undefined) await page.getByTestId('fault').waitFor();
}
