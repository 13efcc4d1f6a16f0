import {
  CAPABILITY_BYTES,
  decodeCapabilities,
  decodeUploadFrame,
  MAX_IDS_PER_REQUEST,
  RelayError,
  ROUTES,
  TICKET_SCHEME,
  UPLOAD_FRAME_BYTES,
} from '@relay/protocol/wire';
import type { Express } from 'express';
import { accountOf, waitForTurn } from '../http/account.ts';
import { readAuthorization } from '../http/authorization.ts';
import { readBytes } from '../http/body.ts';
import { sendStream } from '../http/stream.ts';
import type { BlobService } from './service.ts';

const UPLOAD = { least: UPLOAD_FRAME_BYTES, most: UPLOAD_FRAME_BYTES };
/** A byte that is written to disk costs others as much as so many that are read. */
const UPLOAD_WEIGHT = 3;
/** Blobs that are looked for in one more turn. */
const LOOKED_FOR_PER_TURN = 128;
const CAPABILITIES = { least: CAPABILITY_BYTES, most: MAX_IDS_PER_REQUEST * CAPABILITY_BYTES };

/** Adds `POST /v1/blobs`, `POST /v1/blobs/read` and `POST /v1/blobs/delete`. */
export function addBlobRoutes(app: Express, blobs: BlobService): void {
  app.post(ROUTES.blobs, async (request, response) => {
    const ticket = readAuthorization(request, TICKET_SCHEME);
    if (!ticket) throw new RelayError('ticket_invalid');
    const account = accountOf(request);
    await account.pace(UPLOAD_WEIGHT * UPLOAD_FRAME_BYTES);
    await blobs.upload(ticket, decodeUploadFrame(await readBytes(request, UPLOAD)));
    account.waive();
    response.status(204).end();
  });

  app.post(ROUTES.blobsRead, async (request, response) => {
    const capabilities = decodeCapabilities(await readBytes(request, CAPABILITIES));
    await waitForTurn(request, response, Math.floor(capabilities.length / LOOKED_FOR_PER_TURN));
    await sendStream(response, accountOf(request), (gone) => blobs.read(capabilities, gone));
  });

  app.post(ROUTES.blobsDelete, async (request, response) => {
    const capabilities = decodeCapabilities(await readBytes(request, CAPABILITIES));
    response.json({ deleted: await blobs.remove(capabilities) });
  });
}
