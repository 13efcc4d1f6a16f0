// The bare server that floors are measured against: node:http and pg, with no checks, no framework and nothing of the relay.
// Usage: DATABASE_URL=… node server.ts; it prints its port as the relay does.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { BLOB_FRAME_BYTES, BLOB_ID_BYTES, decodeIds, ENTRY_BYTES, UPLOAD_FRAME_BYTES } from '@relay/protocol';
import { Client, Pool } from 'pg';
import { CONNECTIONS, FLOOR_ROUTES, TICKET_HEADER } from './routes.ts';
import { openBareStore } from './store.ts';

const connectionString = process.env.DATABASE_URL ?? '';
const pool = new Pool({ connectionString, max: CONNECTIONS });
const store = await openBareStore(pool);
const listeners = new Set<ServerResponse>();

const events = new Client({ connectionString });
await events.connect();
events.on('notification', () => {
  for (const response of listeners) response.write(Buffer.alloc(ENTRY_BYTES));
});
await events.query('LISTEN bench_arrivals');

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const body = Buffer.allocUnsafe(Number(request.headers['content-length']));
  let filled = 0;
  request.on('data', (piece: Buffer) => {
    filled += piece.copy(body, filled);
  });
  await once(request, 'end');
  return body;
}

async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const frame = await readBody(request);
  const ticket = Buffer.from(String(request.headers[TICKET_HEADER]), 'hex');
  await store.upload(ticket, frame);
  response.writeHead(204).end();
  if (listeners.size > 0) await store.notify(frame.subarray(0, BLOB_ID_BYTES));
}

const frame = Buffer.alloc(BLOB_FRAME_BYTES, 1);

async function sendBuffers(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const count = (await readBody(request)).length / BLOB_ID_BYTES;
  for (let i = 0; i < count; i++) {
    if (!response.write(frame)) await once(response, 'drain');
  }
  response.end();
}

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
  [FLOOR_ROUTES.page]: async (_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html>');
  },
  [FLOOR_ROUTES.sink]: async (request, response) => {
    const { length } = await readBody(request);
    response.writeHead(length === UPLOAD_FRAME_BYTES ? 204 : 400).end();
  },
  [FLOOR_ROUTES.upload]: upload,
  [FLOOR_ROUTES.ticket]: async (request, response) => {
    await readBody(request);
    response.end(await store.buyTicket());
  },
  [FLOOR_ROUTES.fetch]: async (request, response) => {
    const ids = decodeIds(await readBody(request));
    await store.fetch(ids, (rows) => pipeline(rows, response));
  },
  [FLOOR_ROUTES.buffers]: sendBuffers,
  [FLOOR_ROUTES.events]: async (_request, response) => {
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
    response.flushHeaders();
  },
};

const server = createServer((request, response) => {
  const route = routes[request.url ?? ''];
  if (!route) response.writeHead(404).end();
  else
    route(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ port, msg: 'listening' })}\n`);
process.once('SIGTERM', () => process.exit(0));
