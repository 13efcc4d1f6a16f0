/** The bench of the media in Chromium, with a false microphone that beeps and a false camera. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { securityHeaders } from '../../vite/security-headers.ts';
import { cacheOf } from '../gallery/browser.ts';
import type { bench } from '../media/page.ts';
import { CLIENT } from '../project.ts';

declare global {
  interface Window {
    bench: typeof bench;
  }
}

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  // Two connections of one page meet on this machine alone.
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

/** Starts the browser before the tests of a file, closes all connections after each of them, and ends it after all. */
export function mediaPage(): () => Page {
  let open: Page;
  let end: () => Promise<unknown>;
  beforeAll(async () => {
    const server = await createServer({
      configFile: false,
      root: join(CLIENT, 'test/media'),
      cacheDir: cacheOf('media'),
      logLevel: 'error',
      plugins: [securityHeaders('http://localhost:4000')],
      server: { host: '127.0.0.1', port: 0, fs: { allow: [join(CLIENT, '..')] } },
    });
    await server.listen();
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    end = () => Promise.all([browser.close(), server.close()]);
    open = await browser.newPage();
    await open.goto(server.resolvedUrls?.local[0] ?? '');
    await open.waitForFunction(() => 'bench' in window);
  }, 180_000);
  afterEach(() => open.evaluate(() => window.bench.close()));
  afterAll(() => end(), 30_000);
  return () => open;
}
