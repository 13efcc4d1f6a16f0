import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import type { Connect, Plugin } from 'vite';
import { DENIED_FILES, IDENTITY_FILE, IDENTITY_URL, namesSecret, readingsOf } from './secret-names.ts';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** An identity of 32 members is under 50 KB; this leaves room for passphrase wrapping and more. */
const MAX_BYTES = 1_048_576;

function answer(res: ServerResponse, status: number, sentence: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

/** Why a request for the identity is not from this server's own page, or undefined when it is. */
function refusal(req: IncomingMessage): string | undefined {
  const { socket, headers, method } = req;
  const port = socket.localPort;
  if (!LOOPBACK.test(socket.remoteAddress ?? '')) return 'The identity file is for this machine alone.';
  if (![`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`].includes(headers.host ?? ''))
    return 'The identity file is served under the name localhost alone.';
  const fetched =
    headers['sec-fetch-site'] === 'same-origin' &&
    ['cors', 'no-cors', 'same-origin'].includes(String(headers['sec-fetch-mode'])) &&
    headers['sec-fetch-dest'] === 'empty';
  if (!fetched || method !== 'GET') return 'The identity file is for the page of this server alone.';
  return undefined;
}

async function serveIdentity(file: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const reason = refusal(req);
  if (reason !== undefined) return answer(res, 403, reason);
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) {
    res.writeHead(204).end();
    return;
  }
  if (bytes.length > MAX_BYTES) return answer(res, 404, 'This file is too large to be an identity.');
  res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length });
  res.end(bytes, () => bytes.fill(0));
}

function protect(res: ServerResponse): void {
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  res.setHeader('X-Content-Type-Options', 'nosniff');
}

/**
 * Answers every request that concerns an identity or key file, and passes on the others.
 * @param file the one identity file that is served
 */
export function guardRequests(file: string): Connect.NextHandleFunction {
  const ownName = basename(file);
  return (req, res, next) => {
    const url = req.originalUrl ?? req.url ?? '/';
    if (url === IDENTITY_URL) {
      protect(res);
      serveIdentity(file, req, res).catch(next);
      return;
    }
    const readings = readingsOf(url);
    const refused =
      readings === undefined ||
      readings.some((path) => /^\/identity(\/|\?|$)/.test(path)) ||
      namesSecret(url, ownName);
    if (!refused) return next();
    protect(res);
    answer(res, 404, 'There is nothing here.');
  };
}

/**
 * Gives a member's own identity file to the server's own page, and keeps it and its like from everybody and
 * everything else: other sites, names that point at this machine, navigation, scripts, images, and Vite's own ways to
 * serve or import a file.
 * @param identityFile serves this file instead of `public/identity/identity.bin` in the project's root
 */
export function identityGuard(identityFile?: string): Plugin {
  let file = '';
  return {
    name: 'relay:identity-guard',
    enforce: 'pre',
    config: () => ({ publicDir: false, server: { cors: false, fs: { strict: true, deny: DENIED_FILES } } }),
    configResolved(config) {
      file = identityFile ?? join(config.root, IDENTITY_FILE);
    },
    configureServer(server) {
      server.middlewares.stack.unshift({ route: '', handle: guardRequests(file) });
    },
    configurePreviewServer(server) {
      server.middlewares.stack.unshift({ route: '', handle: guardRequests(file) });
    },
    load(id) {
      if (namesSecret(id)) this.error('No module may import an identity or a key file.');
    },
  };
}
