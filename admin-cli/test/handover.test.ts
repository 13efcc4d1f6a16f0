import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hex, readIdentityFile } from '@relay/protocol';
import decodeQR from 'qr/decode.js';
import { expect, test } from 'vitest';
import { handoverHtml } from '../src/render/handover.ts';
import { generateIdentities } from '../src/services/generate-identities.ts';
import { handoverPages, isRefusedByClients, relayOrigin } from '../src/services/handover.ts';
import { temporaryDirectory } from './support/circle.ts';

/** What the codes of a page say, read as a camera would: from pixels. */
function codesOf(html: string): string[] {
  const svgs = [...html.matchAll(/viewBox="0 0 (\d+) \d+".*?d="([^"]*)"/g)];
  return svgs.map(([, size, path = '']) => {
    const side = Number(size) * 4;
    const data = new Uint8Array(side * side * 4).fill(255);
    for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h/g))
      for (let i = 0; i < 16; i++)
        data.fill(
          0,
          4 * ((Number(y) * 4 + (i >> 2)) * side + Number(x) * 4 + (i & 3)),
          4 * ((Number(y) * 4 + (i >> 2)) * side + Number(x) * 4 + (i & 3)) + 3,
        );
    for (let i = 3; i < data.length; i += 4) data[i] = 255;
    return decodeQR({ width: side, height: side, data });
  });
}

test('the sheet names member, key, circle and relay, in text and in codes, escapes labels, and has no secret', async () => {
  const directory = join(await temporaryDirectory(), 'circle');
  await generateIdentities({ directory, labels: ['<b>Ana</b> & "Bo"', 'Cleo'] });
  const file = await readFile(join(directory, 'identity-01.bin'));
  const { seed, secrets } = await readIdentityFile(file);
  const pages = await handoverPages([file], 'https://relay.example.org', async () => '');
  const html = handoverHtml(pages);
  expect(html).toContain('&lt;b&gt;Ana&lt;/b&gt; &amp; &quot;Bo&quot;');
  expect(html).not.toMatch(/<b>|<script|src=|href=/);
  for (const secret of [seed, ...secrets.map((one) => one.secret)]) {
    expect(html).not.toContain(hex(secret));
    expect(html).not.toContain(Buffer.from(secret).toString('base64').slice(0, 40));
  }
  const keyHash = hex(pages[0]?.identity.keyHash ?? new Uint8Array());
  expect(html).not.toContain(keyHash);
  const [identity, relay] = codesOf(html);
  expect(identity?.replaceAll(/\s/g, '')).toContain(`key${keyHash.slice(0, 32)}circle`);
  expect(relay).toBe('https://relay.example.org');
});

test('a relay has an address without path, query or login', () => {
  expect(relayOrigin('https://Relay.example.org/')).toBe('https://relay.example.org');
  for (const bad of [
    'relay.example.org',
    'ftp://a.example',
    'https://a@b.example',
    'https://a.example/x',
    '',
  ])
    expect(() => relayOrigin(bad)).toThrow(expect.objectContaining({ code: 'relay_address' }));
  expect(['http://a.example', 'http://localhost:4000', 'https://a.example'].map(isRefusedByClients)).toEqual([
    true,
    false,
    false,
  ]);
});
