/** A member who does not use our client, and a relay's hand in its database. */
import type { BlobKind, Pair } from '@relay/protocol';
import {
  BLOB_KIND,
  beginDraw,
  capabilitiesOf,
  derivePair,
  encodeToken,
  encodeUploadFrame,
  finishDraw,
  hex,
  loadIdentity,
  proveSession,
  sealMessage,
} from '@relay/protocol';
import { Vault } from '../../src/crypto/vault.ts';
import { RelayHttp } from '../../src/transport/http.ts';
import type { TestCircle } from './circle.ts';

/** What a member shares with another, by their numbers. */
export async function pairOf(circle: TestCircle, from: number, to: number): Promise<Pair> {
  const identity = await loadIdentity((circle.files[from - 1] as Uint8Array).slice());
  const peer = identity.roster.members.find(({ number }) => number === to);
  const [secret] = identity.secrets;
  if (peer === undefined || secret === undefined) throw new Error('no such member');
  return derivePair(identity, peer, secret);
}

/** Tokens that were drawn and not spent, by relay and member. */
const drawn = new Map<string, Uint8Array[]>();

async function nextToken(circle: TestCircle, http: RelayHttp, { self }: Pair): Promise<Uint8Array> {
  const name = `${circle.url} ${hex(self.keys.keyHash)}`;
  const tokens = drawn.get(name) ?? [];
  drawn.set(name, tokens);
  if (tokens.length === 0) {
    const { nonce } = await http.challenge();
    const { token } = await http.openSession(nonce, await proveSession(self, http.origin, nonce));
    const draw = beginDraw();
    const grant = await http.drawTokens(token, draw.request);
    tokens.push(...finishDraw(grant, draw, grant.evaluated, grant.proof).map(encodeToken));
  }
  return tokens.pop() as Uint8Array;
}

/** Uploads a blob as a member, to its pair's peer. */
export async function uploadBlob(
  circle: TestCircle,
  pair: Pair,
  id: Uint8Array,
  blob: Uint8Array,
): Promise<void> {
  const http = new RelayHttp(circle.url);
  const { ticket } = await http.buyTicket(await nextToken(circle, http, pair), pair.peer.keyHash);
  const { readHash, deleteHash } = await capabilitiesOf(pair, id);
  await http.upload(ticket, encodeUploadFrame({ id, readHash, deleteHash, blob }));
}

/** Seals records of any content as a member, and uploads them. */
export async function sendRecords(
  circle: TestCircle,
  pair: Pair,
  kind: Extract<BlobKind, 1 | 3>,
  records: Parameters<typeof sealMessage>[2]['records'],
): Promise<void> {
  const { serial, hash } = pair.self.roster;
  const { id, blob } = await sealMessage(pair, kind, { roster: { serial, hash }, records });
  await uploadBlob(circle, pair, id, blob);
}

/** Hexadecimal ids of the blobs of a member's mailbox. */
export async function mailboxOf(circle: TestCircle, number: number): Promise<string[]> {
  const mailbox = Buffer.from(circle.keyHashes[number - 1] as string, 'hex');
  const { rows } = await circle.sql('SELECT id FROM blob WHERE mailbox = $1', [mailbox]);
  return rows.map(({ id }) => hex(id));
}

/** Everything that a member can still read in its mailbox: `kind body` of each record, of the sent log too. */
export async function contentOf(circle: TestCircle, number: number): Promise<string[]> {
  const vault = new Vault();
  await vault.open((circle.files[number - 1] as Uint8Array).slice());
  const readable: number[] = [BLOB_KIND.message, BLOB_KIND.sentLog];
  const found = await vault.recognise(await mailboxOf(circle, number));
  const opened = found
    .filter(({ kind }) => readable.includes(kind))
    .map(async ({ id }) => {
      const { rows } = await circle.sql("SELECT body FROM blob WHERE id = decode($1, 'hex')", [id]);
      const { records } = await vault.openMessage(id, new Uint8Array(rows[0].body));
      return records.map(({ kind, body }) => `${kind} ${(body as { text?: string }).text ?? ''}`.trim());
    });
  return (await Promise.all(opened)).flat().toSorted();
}
