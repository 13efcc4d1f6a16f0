/** Loads texts that are too long for one blob (SPEC.md §7, §8). */
import type { ErrorCode, TextBody } from '@relay/protocol';
import { fromHex, fromUtf8, hex, RelayError } from '@relay/protocol';
import type { OpenFileRequest } from '../crypto/files.ts';
import type { OpenedRecord } from '../crypto/opened.ts';
import type { VaultClient } from '../crypto/spawn.ts';
import type { DirectConversation } from './conversation.ts';
import { asFault } from './fault.ts';

/** Faults after which the same text is loaded again when the relay is back. */
const PASSING: readonly ErrorCode[] = [
  'relay_unreachable',
  'unavailable',
  'unauthenticated',
  'rate_limited',
  'session_ended',
  'internal',
];

/** Yields fetched blobs. */
export type BlobStream = AsyncIterable<{ id: Uint8Array; blob: Uint8Array }>;

/** What loading needs of the world. */
export interface LongTextParts {
  vault: Pick<VaultClient, 'fileBlobs' | 'joinFile'>;
  /** The blob of that id (hexadecimal) where it still waits in the outbox. */
  waiting(id: string): Uint8Array | undefined;
  /** From the own mailbox. */
  fetch(ids: readonly Uint8Array[]): BlobStream;
  /** From another member's mailbox, by capability. */
  read(capabilities: readonly { id: Uint8Array; secret: Uint8Array }[]): BlobStream;
  /** A text was loaded, or could not be. */
  changed(): void;
}

type LongBody = Extract<TextBody, { file: unknown }>;

function longBodyOf({ kind, body }: OpenedRecord): LongBody | undefined {
  const text = body as TextBody;
  return kind === 'text' && 'file' in text ? text : undefined;
}

/** Loads the long texts of all conversations, each once. */
export class LongTexts {
  readonly #parts: LongTextParts;
  /** Record hashes of texts on their way. */
  readonly #loading = new Set<string>();
  /** What a fault that may pass has stopped, by record hash. */
  readonly #stopped = new Map<string, [DirectConversation, OpenedRecord]>();

  constructor(parts: LongTextParts) {
    this.#parts = parts;
  }

  /** Loads the text of a record into its conversation, where it is too long for the record itself and not there yet. */
  async load(conversation: DirectConversation, record: OpenedRecord): Promise<void> {
    const { hash } = record;
    const body = longBodyOf(record);
    const loaded = conversation.texts.get(hash);
    if (body === undefined || this.#loading.has(hash) || (loaded !== undefined && 'text' in loaded)) return;
    this.#loading.add(hash);
    this.#stopped.delete(hash);
    try {
      conversation.texts.set(hash, { text: await this.#read(conversation, record, body) });
    } catch (error) {
      const fault = asFault(error);
      conversation.texts.set(hash, { fault });
      if (PASSING.some((code) => code === fault.code)) this.#stopped.set(hash, [conversation, record]);
    } finally {
      this.#loading.delete(hash);
      this.#parts.changed();
    }
  }

  /** The relay is back: loads what a passing fault has stopped. */
  again(): void {
    for (const [conversation, record] of [...this.#stopped.values()]) void this.load(conversation, record);
  }

  /** Tries every key the record came with: a message that was sealed twice has two, and one of them may never have left. */
  async #read(conversation: DirectConversation, record: OpenedRecord, { file }: LongBody): Promise<string> {
    const sent = record.sentTo.length > 0;
    let fault: unknown = new RelayError('record_invalid');
    for (const { fileKey } of sent ? record.sentTo : [record]) {
      if (fileKey === undefined) continue;
      try {
        return await loadLongText(this.#parts, { peer: conversation.peer.id, sent, fileKey, ...file });
      } catch (error) {
        fault = error;
      }
    }
    throw fault;
  }
}

/**
 * Fetches, joins and checks a long text.
 * @throws RelayError `chunk_forged`, `file_mismatch` (also when a chunk is not there), or a fault of the way to the relay
 */
export async function loadLongText(
  parts: Omit<LongTextParts, 'changed'>,
  request: OpenFileRequest,
): Promise<string> {
  const chunks = await parts.vault.fileBlobs(request);
  const found = new Map<string, Uint8Array>();
  for (const { id } of chunks) {
    const blob = parts.waiting(id);
    if (blob !== undefined) found.set(id, blob);
  }
  const wanted = chunks.filter(({ id }) => !found.has(id));
  if (wanted.length > 0) {
    const stream = request.sent
      ? parts.read(wanted.map(({ id, readSecret }) => ({ id: fromHex(id), secret: readSecret })))
      : parts.fetch(wanted.map(({ id }) => fromHex(id)));
    for await (const { id, blob } of stream) found.set(hex(id), blob);
  }
  const blobs = chunks.map(({ id }) => {
    const blob = found.get(id);
    if (blob === undefined)
      throw new RelayError('file_mismatch', 'A part of this text is no longer at the relay.');
    return blob;
  });
  const data = await parts.vault.joinFile(request, blobs);
  try {
    return fromUtf8(data);
  } catch (cause) {
    throw new RelayError('file_mismatch', undefined, { cause });
  }
}
