import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Rolldown } from 'vite';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readVectorFiles } from '../../protocol/test/vectors/files.ts';
import type * as runner from '../../protocol/test/vectors/run.ts';
import { startBrowser } from '../support/browser.ts';

const ENTRY = fileURLToPath(new URL('../../protocol/test/vectors/run.ts', import.meta.url));

/** The page's globals: the script puts the runner there. */
interface WithRunner {
  relayVectors: typeof runner;
}

let server: Server;
let browser: Browser;
let page: Page;

/** The runner of vectors as one script for the browser. */
async function bundle(): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: ENTRY, formats: ['iife'], name: 'relayVectors' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })) as Rolldown.RolldownOutput[];
  const [chunk] = built[0]?.output ?? [];
  if (chunk === undefined) throw new Error('nothing was built');
  return chunk.code;
}

beforeAll(async () => {
  const script = await bundle();
  server = createServer((request, response) => {
    const isScript = request.url === '/vectors.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script src="/vectors.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  browser = await startBrowser();
  page = await browser.newPage();
  await page.goto(`http://localhost:${port}/`);
});

afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server?.close(resolve));
});

test('every vector holds in Chromium', async () => {
  const results = await page.evaluate((files) => {
    const { relayVectors } = globalThis as unknown as WithRunner;
    return relayVectors.runVectors(JSON.parse(files));
  }, JSON.stringify(readVectorFiles()));
  expect(results.filter(({ failure }) => failure !== undefined)).toEqual([]);
  expect(results.length).toBeGreaterThan(250);
});

test('HPKE is Chromium’s own as soon as it can be, and understands the portable one', async ({
  annotate,
}) => {
  const { native } = await page.evaluate(() =>
    (globalThis as unknown as WithRunner).relayVectors.checkInteroperation(),
  );
  // The hybrid KEM takes SHA-3 besides ML-KEM; Chromium 156 has the second without the first.
  const hasSha3 = await page.evaluate(() =>
    crypto.subtle.digest('SHA3-256', new Uint8Array()).then(
      () => true,
      () => false,
    ),
  );
  await annotate(native ? 'native and portable' : `portable alone: ${browser.version()} has no SHA-3`);
  expect(native).toBe(hasSha3);
});
