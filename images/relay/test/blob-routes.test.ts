import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes, UPLOAD_FRAME_BYTES } from '@relay/protocol/wire';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { addBlobRoutes } from '../src/blobs/routes.ts';
import type { BlobService } from '../src/blobs/service.ts';
import type { Account } from '../src/limits/accounts.ts';
import { makeBlob, upload } from './support/client.ts';

test('what is sent counts three times, before it is stored, and its turn is given back once it is', async () => {
  const did: string[] = [];
  const app = express();
  app.use((request, _response, next) => {
    const account: Pick<Account, 'pace' | 'waive'> = {
      pace: async (bytes) => void did.push(`${bytes / UPLOAD_FRAME_BYTES} frames`),
      waive: () => did.push('given back'),
    };
    request.account = account as Account;
    next();
  });
  const blobs: Pick<BlobService, 'upload'> = { upload: async () => void did.push('stored') };
  addBlobRoutes(app, blobs as BlobService);
  const server = createServer(app).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await upload(url, randomBytes(32), (await makeBlob()).frame)).status).toBe(204);
  expect(did).toEqual(['3 frames', 'stored', 'given back']);
});
