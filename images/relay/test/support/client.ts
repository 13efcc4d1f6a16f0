import { beginDraw, finishDraw } from '@relay/protocol';
import type { BlobFrame, Bytes, Capability, MailboxEntry } from '@relay/protocol/wire';
import {
  BLOB_BYTES,
  b64,
  concat,
  decodeEntries,
  deleteAnswer,
  encodeCapabilities,
  encodeToken,
  encodeUploadFrame,
  errorAnswer,
  ROUTES,
  randomBytes,
  readBlobFrames,
  sha256,
  ticketAnswer,
  tokenKeysAnswer,
  tokensAnswer,
} from '@relay/protocol/wire';

/** Headers that show a session token. */
export function bearer(token: Bytes): Record<string, string> {
  return { Authorization: `Bearer ${b64(token)}` };
}

/** Sends a binary body. */
export function postBytes(url: string, body: Bytes, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream', ...headers },
    body,
  });
}

/** Status and error code of an answer, or the status alone. */
export async function outcome(response: Response): Promise<string> {
  if (response.ok) {
    await response.arrayBuffer();
    return String(response.status);
  }
  const { error } = errorAnswer.parse(await response.json());
  return `${response.status} ${error.code}`;
}

/** The newest issuer key, as anybody is told. */
export async function askIssuerKey(url: string): Promise<{ epoch: number; publicKey: Bytes; ends: number }> {
  const response = await fetch(url + ROUTES.tokenKeys);
  if (!response.ok) throw new Error(`no keys: ${await response.text()}`);
  const { keys } = tokenKeysAnswer.parse(await response.json());
  return keys[0] as (typeof keys)[number];
}

/** Draws a batch of tokens, as members do; resolves to 64 of 100 bytes. */
export async function drawTokens(url: string, token: Bytes): Promise<Bytes[]> {
  const key = await askIssuerKey(url);
  const draw = beginDraw();
  const response = await postBytes(url + ROUTES.tokens, draw.request, bearer(token));
  if (!response.ok) throw new Error(`no tokens: ${await response.text()}`);
  const { evaluated, proof } = tokensAnswer.parse(await response.json());
  return finishDraw(key, draw, evaluated, proof).map(encodeToken);
}

/** Asks for a ticket with a token and nothing else. */
export function spendToken(
  url: string,
  token: Bytes,
  recipient: Bytes,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url + ROUTES.tickets, {
    method: 'POST',
    headers: {
      ...headers,
      Authorization: `Relay-Token ${b64(token)}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ recipient: b64(recipient) }),
  });
}

/** Tokens that were drawn and not spent, by relay. Whoever drew them, they are all alike. */
const drawn = new Map<string, Bytes[]>();

async function nextToken(url: string, session: Bytes): Promise<Bytes> {
  const stock = drawn.get(url) ?? [];
  if (stock.length === 0) stock.push(...(await drawTokens(url, session)));
  drawn.set(url, stock);
  return stock.pop() as Bytes;
}

/** Buys a ticket as members do: with a token that a session drew, and without the session. */
export async function buyTicket(url: string, session: Bytes, recipient: Bytes): Promise<Bytes> {
  let response = await spendToken(url, await nextToken(url, session), recipient);
  if (response.status === 401) {
    // What was drawn before a member was revoked is void.
    drawn.delete(url);
    response = await spendToken(url, await nextToken(url, session), recipient);
  }
  if (!response.ok) throw new Error(`no ticket: ${await response.text()}`);
  return ticketAnswer.parse(await response.json()).ticket;
}

/** A blob with the secrets that its sender and recipient would know. */
export interface TestBlob {
  id: Bytes;
  readSecret: Bytes;
  deleteSecret: Bytes;
  blob: Bytes;
  /** The upload frame. */
  frame: Bytes;
}

/** Makes a blob of random bytes. */
export async function makeBlob(): Promise<TestBlob> {
  const [id, readSecret, deleteSecret, blob] = [16, 32, 32, BLOB_BYTES].map(randomBytes) as [
    Bytes,
    Bytes,
    Bytes,
    Bytes,
  ];
  const frame = encodeUploadFrame({
    id,
    readHash: await sha256(readSecret),
    deleteHash: await sha256(deleteSecret),
    blob,
  });
  return { id, readSecret, deleteSecret, blob, frame };
}

/** Uploads a frame. */
export function upload(url: string, ticket: Bytes, frame: Bytes): Promise<Response> {
  return postBytes(url + ROUTES.blobs, frame, { Authorization: `Relay-Ticket ${b64(ticket)}` });
}

/** Uploads blobs to a member, buying tickets as needed. */
export async function uploadBlobs(
  url: string,
  token: Bytes,
  recipient: Bytes,
  count: number,
): Promise<TestBlob[]> {
  const blobs: TestBlob[] = [];
  let ticket: Bytes | undefined;
  while (blobs.length < count) {
    if (blobs.length % 32 === 0) ticket = await buyTicket(url, token, recipient);
    const blob = await makeBlob();
    const response = await upload(url, ticket as Bytes, blob.frame);
    if (response.status !== 204) throw new Error(`not stored: ${await response.text()}`);
    blobs.push(blob);
  }
  return blobs;
}

/** Lists the mailbox of a session. */
export async function listMailbox(url: string, token: Bytes): Promise<MailboxEntry[]> {
  const response = await fetch(url + ROUTES.mailbox, { headers: bearer(token) });
  if (!response.ok) throw new Error(`no list: ${await response.text()}`);
  return decodeEntries(new Uint8Array(await response.arrayBuffer()));
}

/** All frames of an answer. */
export async function readFrames(response: Response): Promise<BlobFrame[]> {
  if (!response.ok) throw new Error(`no frames: ${await response.text()}`);
  const frames: BlobFrame[] = [];
  if (response.body) for await (const frame of readBlobFrames(response.body)) frames.push(frame);
  return frames;
}

/** Asks for blobs of the session's mailbox. */
export function fetchBlobs(url: string, token: Bytes, ids: readonly Bytes[]): Promise<Response> {
  return postBytes(url + ROUTES.mailboxFetch, concat(...ids), bearer(token));
}

/** Shows capabilities to read. */
export function readBlobs(url: string, capabilities: readonly Capability[]): Promise<Response> {
  return postBytes(url + ROUTES.blobsRead, encodeCapabilities(capabilities));
}

/** Shows capabilities to delete; resolves to the number of blobs deleted. */
export async function deleteBlobs(url: string, capabilities: readonly Capability[]): Promise<number> {
  const response = await postBytes(url + ROUTES.blobsDelete, encodeCapabilities(capabilities));
  return deleteAnswer.parse(await response.json()).deleted;
}
