import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { ownPort } from '@relay/demo/turn-server';
import { expect, onTestFinished, test } from 'vitest';
import { probeApi, probeCertificate, probeWebOrigin } from '../src/doctor/probe.ts';
import { temporaryDirectory } from './support/circle.ts';

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A relay as far as doctor asks it: ready, and for one web origin. */
const relay: RequestListener = (request, response) => {
  const isRefused = (request.headers.origin ?? 'http://good') !== 'http://good';
  response.writeHead(isRefused ? 403 : request.url === '/readyz' ? 204 : 200).end();
};

async function selfSigned() {
  const folder = await temporaryDirectory();
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '9',
      '-subj',
      '/CN=localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

test('a relay that is ready, one that nobody answers for, and web origins', async () => {
  const origin = `http://127.0.0.1:${await listen(createServer(relay))}`;
  expect(await probeApi(origin)).toEqual({ origin, status: 204 });
  expect(await probeWebOrigin(origin, 'http://good')).toBe(true);
  expect(await probeWebOrigin(origin, 'http://bad')).toBe(false);
  const nobody = `http://127.0.0.1:${await ownPort()}`;
  expect(await probeApi(nobody)).toEqual({ origin: nobody, status: undefined, problem: 'ECONNREFUSED' });
  expect(await probeWebOrigin(nobody, 'http://good')).toBeUndefined();
});

test('what answers and breaks off is told as no answer', async () => {
  const server = createServer((request) => request.socket.destroy());
  const origin = `http://127.0.0.1:${await listen(server)}`;
  expect(await probeApi(origin)).toMatchObject({ status: undefined, problem: 'ECONNRESET' });
});

test('a certificate is looked at, not trusted', async () => {
  const server = createTlsServer(await selfSigned(), relay);
  const port = await listen(server);
  const { status, certificate } = await probeApi(`https://localhost:${port}`);
  expect(status).toBe(204);
  expect(certificate).toMatchObject({ distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  const { validFrom = 0, validTo = 0 } = certificate ?? {};
  expect(Math.round((validTo - validFrom) / 86_400)).toBe(9);
  expect(await probeCertificate('127.0.0.1', port, 'relay.example.org')).toEqual(certificate);
  expect(await probeCertificate('127.0.0.1', await ownPort())).toBeUndefined();
});

test('a port that speaks no TLS has no certificate', async () => {
  const port = await listen(createServer(relay));
  expect(await probeCertificate('127.0.0.1', port)).toBeUndefined();
  expect((await probeApi(`https://127.0.0.1:${port}`)).status).toBeUndefined();
});
