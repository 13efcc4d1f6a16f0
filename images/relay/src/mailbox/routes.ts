import { BLOB_ID_BYTES, decodeIds, encodeEntries, MAX_IDS_PER_REQUEST, ROUTES } from '@relay/protocol/wire';
import type { Express } from 'express';
import { accountOf, waitForTurn } from '../http/account.ts';
import { readBytes } from '../http/body.ts';
import { sendStream } from '../http/stream.ts';
import { authenticateRequest } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import type { MailboxService } from './service.ts';

const IDS = { least: BLOB_ID_BYTES, most: MAX_IDS_PER_REQUEST * BLOB_ID_BYTES };
/** Blobs that are fetched for the price of one more request. */
const BLOBS_PER_TURN = 32;

/** A list may be of thousands of blobs: so many times the work of another request. */
const LIST_TURNS = 3;

/** Adds `GET /v1/mailbox` and, below it, `POST` of `fetch`, `delete` and `empty`. */
export function addMailboxRoutes(app: Express, sessions: SessionService, mailbox: MailboxService): void {
  app.get(ROUTES.mailbox, async (request, response) => {
    const { keyHash } = await authenticateRequest(sessions, request);
    await waitForTurn(request, response, LIST_TURNS);
    const entries = encodeEntries(await mailbox.list(keyHash));
    response.type('application/octet-stream').send(Buffer.from(entries.buffer));
  });

  app.post(ROUTES.mailboxFetch, async (request, response) => {
    const { keyHash } = await authenticateRequest(sessions, request);
    const ids = decodeIds(await readBytes(request, IDS));
    const account = accountOf(request);
    account.chargeMore(Math.floor(ids.length / BLOBS_PER_TURN));
    await sendStream(response, account, (gone) => mailbox.fetch(keyHash, ids, gone));
  });

  app.post(ROUTES.mailboxDelete, async (request, response) => {
    const { keyHash } = await authenticateRequest(sessions, request);
    const ids = decodeIds(await readBytes(request, IDS));
    response.json({ deleted: await mailbox.remove(keyHash, ids) });
  });

  app.post(ROUTES.mailboxEmpty, async (request, response) => {
    const { keyHash } = await authenticateRequest(sessions, request);
    response.json({ deleted: await mailbox.empty(keyHash) });
  });
}
