import { createHmac } from 'node:crypto';
import { turnAnswer } from '@relay/protocol/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mintCredentials, turnUrls } from '../src/turn/credentials.ts';
import { firstSecrets } from '../src/turn/secrets.ts';

const secret = 'ab'.repeat(32);
const server = { host: 'relay.example', port: 3478, tlsPort: 5349, ttl: 3600 };
const token = new Uint8Array(32).fill(7);

test('the URLs name UDP, TCP, and TLS where there is a port for it', () => {
  expect(turnUrls(server)).toEqual([
    'turn:relay.example:3478?transport=udp',
    'turn:relay.example:3478?transport=tcp',
    'turns:relay.example:5349?transport=tcp',
  ]);
  expect(turnUrls({ ...server, host: '[2001:db8::1]', tlsPort: undefined })).toEqual([
    'turn:[2001:db8::1]:3478?transport=udp',
    'turn:[2001:db8::1]:3478?transport=tcp',
  ]);
});

test('a credential is what coturn computes from the digits as text, and what clients take', async () => {
  const now = 1_800_000_000_000;
  const made = await mintCredentials(server, firstSecrets(secret, 0), token, now);
  expect(turnAnswer.parse(made)).toEqual(made);
  expect(made.credential).toBe(createHmac('sha1', secret).update(made.username).digest('base64'));
  expect(made.username).toMatch(/^1800003600:[A-Za-z0-9_-]{16}$/);
});

test('it ends at a whole minute, as much as a minute after its least life', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(4_000_000_000_000), fc.integer({ min: 300, max: 86_400 }), async (now, ttl) => {
      const made = await mintCredentials({ ...server, ttl }, firstSecrets(secret, 0), token, now);
      const expiry = Number(made.username.split(':')[0]);
      expect(expiry % 60).toBe(0);
      expect(expiry - now / 1000).toBeGreaterThanOrEqual(ttl);
      expect(expiry - now / 1000).toBeLessThan(ttl + 60);
      expect(made.expiresIn).toBe(Math.floor(expiry - now / 1000));
    }),
  );
});
