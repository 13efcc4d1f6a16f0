import { rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ViteDevServer } from 'vite';
import { createServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { guardRequests } from '../vite/identity-guard.ts';
import { CONFIG_FILE, FALSE_IDENTITY, makeProject, SECRET } from './project.ts';
import { freePort, OWN_FETCH, raw } from './raw-http.ts';

const root = makeProject();
let server: ViteDevServer;
let port: number;

beforeAll(async () => {
  port = await freePort();
  vi.stubEnv('PORT', String(port));
  server = await createServer({
    configFile: CONFIG_FILE,
    root,
    cacheDir: join(root, '.cache'),
    logLevel: 'silent',
    server: { fs: { allow: [root] } },
  });
  await server.listen();
}, 60_000);

afterAll(async () => {
  await server.close();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const IDENTITY = '/identity/identity.bin';

describe('the identity over HTTP', () => {
  it('is given to the page of this server', async () => {
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      const { status, headers, body } = await raw(port, IDENTITY, { ...OWN_FETCH, Host: host });
      expect(status).toBe(200);
      expect(body).toEqual(FALSE_IDENTITY);
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it.each([
    ['nothing of a browser', {}],
    ['another site', { ...OWN_FETCH, 'Sec-Fetch-Site': 'cross-site' }],
    ['another port of this machine', { ...OWN_FETCH, 'Sec-Fetch-Site': 'same-site' }],
    [
      'the address bar',
      { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' },
    ],
    ['a link', { ...OWN_FETCH, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }],
    ['a navigation without destination', { ...OWN_FETCH, 'Sec-Fetch-Mode': 'navigate' }],
    ['a script element', { ...OWN_FETCH, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' }],
    ['an image', { ...OWN_FETCH, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' }],
    ['a frame', { ...OWN_FETCH, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' }],
    ['a rebound name', { ...OWN_FETCH, Host: 'evil.example' }],
    ['a rebound name with the port', { ...OWN_FETCH, Host: 'evil.example:PORT' }],
    ['a name below localhost', { ...OWN_FETCH, Host: 'evil.localhost:PORT' }],
    ['another port in Host', { ...OWN_FETCH, Host: 'localhost:1' }],
    ['no port in Host', { ...OWN_FETCH, Host: 'localhost' }],
    ['a trailing dot in Host', { ...OWN_FETCH, Host: 'localhost.:PORT' }],
  ])('is refused to %s', async (_name, headers: Record<string, string>) => {
    const host = headers.Host?.replace('PORT', String(port));
    const sent = host === undefined ? headers : { ...headers, Host: host };
    const { status, body } = await raw(port, IDENTITY, sent);
    expect(status).toBe(403);
    expect(body.toString()).not.toContain(SECRET);
  });

  it.each(['HEAD', 'POST', 'OPTIONS'])('is refused to %s', async (method) => {
    expect((await raw(port, IDENTITY, OWN_FETCH, method)).status).toBe(403);
  });

  it('is refused to another machine', async () => {
    const guard = guardRequests(join(root, 'public/identity/identity.bin'));
    const far = createHttpServer((req, res) => {
      Object.defineProperty(req.socket, 'remoteAddress', { value: '192.0.2.7' });
      guard(req, res, () => res.end('passed on'));
    });
    await new Promise<void>((resolve) => far.listen(0, 'localhost', resolve));
    const address = far.address() as AddressInfo;
    expect((await raw(address.port, IDENTITY, OWN_FETCH)).status).toBe(403);
    await new Promise((resolve) => far.close(resolve));
  });

  it('is an empty answer when there is no file', async () => {
    rmSync(join(root, 'public/identity/identity.bin'));
    const { status, body } = await raw(port, IDENTITY, OWN_FETCH);
    writeFileSync(join(root, 'public/identity/identity.bin'), FALSE_IDENTITY);
    expect([status, body.length]).toEqual([204, 0]);
  });

  it('never has a CORS header, and neither has anything else', async () => {
    for (const path of [IDENTITY, '/', '/main.js'])
      for (const method of ['GET', 'OPTIONS']) {
        const origin = { Origin: 'http://localhost:9', 'Access-Control-Request-Method': 'GET' };
        const { headers } = await raw(port, path, { ...OWN_FETCH, ...origin }, method);
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
  });
});
