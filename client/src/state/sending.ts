/** Turns what a member writes into records, sealed blobs and a line of the sent log. */
import { fromHex, MAX_INLINE_TEXT_BYTES, MAX_TEXT_BYTES, RelayError, utf8 } from '@relay/protocol';
import type { OpenedRecord } from '../crypto/opened.ts';
import { readRecord } from '../crypto/opened.ts';
import type { Parcel } from '../crypto/parcel.ts';
import type { VaultClient } from '../crypto/spawn.ts';
import type { DirectConversation } from './conversation.ts';
import type { NewOutboxItem, OutboxItem } from './outbox-item.ts';
import type { SentLog } from './sent-log.ts';

/** What sending needs of the world. */
export interface SendingParts {
  vault: Pick<VaultClient, 'seal' | 'sealFile'>;
  circleId: Uint8Array;
  /** Key hash of this member, hexadecimal. */
  self: string;
  sentLog: SentLog;
  now(): number;
}

/** A message on its way into the outbox. */
export interface Outgoing {
  record: OpenedRecord;
  items: NewOutboxItem[];
  /** Rows of the outbox that these items replace. */
  replaces: string[];
}

/** What a text record says, and the chunks it needs. */
interface TextParts {
  body: { text: string } | { file: { size: number; hash: Uint8Array } };
  fileKey: Uint8Array | undefined;
  chunks: readonly Parcel[];
}

/** The content of a text record: inside the record while it fits, else in chunks of its own. */
async function textParts(parts: SendingParts, recipient: string, text: string): Promise<TextParts> {
  const bytes = utf8(text);
  if (bytes.length > MAX_TEXT_BYTES) throw new RelayError('text_too_long');
  if (bytes.length <= MAX_INLINE_TEXT_BYTES) return { body: { text }, fileKey: undefined, chunks: [] };
  const { size, hash, fileKey, parcels } = await parts.vault.sealFile(recipient, bytes);
  return { body: { file: { size, hash } }, fileKey, chunks: parcels };
}

/**
 * Seals a record for a member, and for this member's sent log.
 * @param chunks blobs that must be at the relay before the record
 */
async function sealRecord(
  parts: SendingParts,
  recipient: string,
  record: OpenedRecord,
  chunks: readonly Parcel[],
): Promise<Pick<Outgoing, 'items' | 'replaces'>> {
  const { content, fileKey, hash } = record;
  const file = fileKey === undefined ? {} : { file: fileKey };
  const now = parts.now();
  const message = await parts.vault.seal(recipient, 'message', [{ content, private: file }]);
  const item = (parcel: Parcel, purpose: OutboxItem['purpose']): NewOutboxItem => ({
    ...parcel,
    purpose,
    record: hash,
    // Recipients count from the record's own time (SPEC.md §8), however often it is sealed.
    since: record.at,
    due: now,
  });
  const items = [...chunks.map((chunk) => item(chunk, 'part')), item(message, 'message')];
  // A note to oneself is in the own mailbox already.
  if (recipient === parts.self) return { items, replaces: [] };
  const to = [{ member: fromHex(recipient), blob: fromHex(message.id), ...file }];
  const { blob, replaces } = await parts.sentLog.add({ hash, content, private: { to } }, now);
  return { items: [...items, ...logItems(blob, now)], replaces };
}

/** The outbox's item for a blob of the sent log. */
export function logItems(blob: { parcel: Parcel; due: number } | undefined, since: number): NewOutboxItem[] {
  return blob === undefined ? [] : [{ ...blob.parcel, purpose: 'log', record: '', since, due: blob.due }];
}

/**
 * Composes a text for a conversation.
 * @throws RelayError `text_too_long`
 */
export async function composeText(
  parts: SendingParts,
  conversation: DirectConversation,
  text: string,
): Promise<Outgoing> {
  const recipient = conversation.peer.id;
  const { body, fileKey, chunks } = await textParts(parts, recipient, text);
  const content = conversation.writer.compose({ kind: 'text', body, at: parts.now() }, conversation.timeline);
  const record = {
    ...(await readRecord(parts.circleId, content, fromHex(parts.self), [fromHex(recipient)])),
    fileKey,
  };
  const outgoing = { record, ...(await sealRecord(parts, recipient, record, chunks)) };
  conversation.writer.written(record);
  if (fileKey !== undefined) conversation.texts.set(record.hash, { text });
  return outgoing;
}

/**
 * Seals a failed message again, under new blob ids; its record stays the same.
 * @param text of a message whose text is in chunks: these are made again
 * @throws RelayError `file_mismatch` when a text in chunks is not at hand
 */
export async function resealText(
  parts: SendingParts,
  record: OpenedRecord,
  recipient: string,
  text: string | undefined,
): Promise<Outgoing> {
  if (!isLong(record)) return { record, ...(await sealRecord(parts, recipient, record, [])) };
  if (text === undefined)
    throw new RelayError('file_mismatch', 'The text of this message is no longer at hand.');
  const { fileKey, parcels } = await parts.vault.sealFile(recipient, utf8(text));
  const renewed = { ...record, fileKey };
  return { record: renewed, ...(await sealRecord(parts, recipient, renewed, parcels)) };
}

function isLong({ body }: OpenedRecord): boolean {
  return typeof body === 'object' && body !== null && 'file' in body;
}
