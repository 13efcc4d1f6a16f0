import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ViteDevServer } from 'vite';
import { createServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { namesSecret } from '../vite/secret-names.ts';
import { CONFIG_FILE, FALSE_IDENTITY, makeProject, SECRET } from './project.ts';
import { freePort, OWN_FETCH, raw } from './raw-http.ts';

const root = makeProject({ 'elsewhere/member-2.dat': FALSE_IDENTITY });
let server: ViteDevServer;
let port: number;

beforeAll(async () => {
  port = await freePort();
  vi.stubEnv('PORT', String(port));
  vi.stubEnv('RELAY_IDENTITY_FILE', join(root, 'elsewhere/member-2.dat'));
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

const FILES = [
  '/identity-07.bin',
  '/deep/circle.key',
  '/deep/allowed-keys-seed.json',
  '/deep/mine.age',
  '/public/identity/identity.bin',
  '/public/identity/other.dat',
  '/elsewhere/member-2.dat',
];

const escapeAll = (path: string) =>
  path.replace(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);

/** Ways to write a path that some server somewhere takes for the same. */
const SPELLINGS: ((path: string) => string)[] = [
  (path) => path,
  (path) => path.toUpperCase(),
  (path) => escapeAll(path),
  (path) => escapeAll(path).replaceAll('%', '%25'),
  (path) => path.replaceAll('/', '//'),
  (path) => path.replaceAll('/', '/./'),
  (path) => `/deep/..${path}`,
  (path) => `/deep/%2e%2e${path}`,
  (path) => path.replace(/\/(?=[^/]*$)/, '%2f'),
  (path) => path.replace(/\/(?=[^/]*$)/, '\\'),
  (path) => `${path}%00`,
  (path) => `${path}/`,
  ...[
    '?raw',
    '?url',
    '?import',
    '?inline',
    '?import&raw',
    '?url&inline',
    '?worker',
    '?t=1',
    '?.js',
    '?a/../b',
    '?a/../../../../b',
    '%3fa/../b',
  ].map((query) => (path: string) => path + query),
  (path) => `/@fs${root}${path}`,
  (path) => `/@fs/${root}${path}?raw`,
  (path) => `/@fs${root}${path}?import&url`,
  (path) => `/@fs${escapeAll(root + path)}?inline`,
  (path) => `/@id${path}?raw`,
  (path) => `/@id/${root}${path}?import&raw`,
  (path) => `/@id/__x00__${root}${path}`,
];

describe('every other way to a secret file', () => {
  it('is closed, while the server serves what is no secret', async () => {
    expect((await raw(port, '/main.js', OWN_FETCH)).status).toBe(200);
    expect((await raw(port, `/@fs${root}/main.js`, OWN_FETCH)).body.toString()).toContain('up');
  });

  it.each(FILES)('%s', async (file) => {
    for (const spell of SPELLINGS)
      for (const headers of [OWN_FETCH, { ...OWN_FETCH, 'Sec-Fetch-Dest': 'script' }, {}]) {
        const { status, body } = await raw(port, spell(file), headers);
        expect([spell(file), [400, 403, 404].includes(status)]).toEqual([spell(file), true]);
        expect(body.toString('latin1')).not.toContain(SECRET);
        expect(body.toString('latin1')).not.toContain(FALSE_IDENTITY.toString('base64').slice(0, 24));
      }
  });

  it.each([
    '/identity',
    '/identity/',
    '/identity/identity.bin?raw',
    '/identity/README.md',
    '/identity//identity.bin',
    '/IDENTITY/identity.bin',
    '/identity/%69dentity.bin',
    '/identity/../identity/identity.bin',
    '//identity/identity.bin',
    '/public/identity/IDENTI~1.BIN',
    '/%',
  ])('nothing is at %s', async (path) => {
    const { status, body } = await raw(port, path, OWN_FETCH);
    expect([400, 403, 404]).toContain(status);
    expect(body.toString()).not.toContain(SECRET);
  });

  it('serves the file that RELAY_IDENTITY_FILE names at the one address', async () => {
    const { status, body } = await raw(port, '/identity/identity.bin', OWN_FETCH);
    expect([status, body]).toEqual([200, FALSE_IDENTITY]);
  });

  it('is known by name, however it is written', () => {
    const spelled = fc.constantFrom(...FILES.slice(0, 6)).chain((path) =>
      fc.array(fc.nat(3), { minLength: path.length, maxLength: path.length }).map((ways) =>
        [...path]
          .map((sign, place) => {
            const code = `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
            return [sign, sign.toUpperCase(), code, code.replace('%', '%25')][ways[place] ?? 0];
          })
          .join(''),
      ),
    );
    fc.assert(
      fc.property(spelled, (path) => {
        expect(namesSecret(path)).toBe(true);
      }),
    );
  });

  it('does not shut out what only resembles one', () => {
    for (const path of [
      '/src/ui/identity/gate.tsx',
      '/@fs/c:/relay/protocol/src/identity.ts',
      '/node_modules/.vite/deps/age-encryption.js',
      '/src/transport/identity-file.ts?t=1',
    ])
      expect([path, namesSecret(path)]).toEqual([path, false]);
  });
});
