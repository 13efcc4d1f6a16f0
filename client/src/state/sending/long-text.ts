/** Loads texts that are too long for one blob (SPEC.md §7, §8). */
import type { ErrorCode, TextBody } from '@relay/protocol';
import {
  decodeUploadFrame,
  fromHex,
  fromUtf8,
  hex,
  isRelayError,
  MAX_CIRCLE_SECRETS,
  RelayError,
} from '@relay/protocol';
import type { OpenFileRequest } from '../../crypto/files.ts';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { VaultClient } from '../../crypto/spawn.ts';
import { asFault } from '../fault.ts';
import type { LoadedText } from '../history/history.ts';

/** Faults after which the same thing is loaded again when the relay is back. */
export const PASSING: readonly ErrorCode[] = [
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
  /** The upload frame of that blob (id hexadecimal) where it still waits on this machine. */
  waiting(id: string): Promise<Uint8Array | undefined>;
  /** From the own mailbox. */
  fetch(ids: readonly Uint8Array[]): BlobStream;
  /** From another member's mailbox, by capability. */
  read(capabilities: readonly { id: Uint8Array; secret: Uint8Array }[]): BlobStream;
  /** A text was loaded, or could not be. */
  changed(): void;
}

type LongBody = Extract<TextBody, { file: unknown }>;

function longBodyOf({ kind, body }: OpenedRecord): LongBody | undefined {
  if (kind !== 'text') return undefined;
  const text = body as TextBody;
  return 'file' in text ? text : undefined;
}

/** Where a file's content can be read, and with which key: as received, or as sent to each recipient. */
export function sourcesOf(record: OpenedRecord): { peer: string; sent: boolean; fileKey: Uint8Array }[] {
  const sent = [...record.sentTo, ...(record.waitingFor ?? [])];
  const sources = sent.map(({ member, fileKey }) => ({ peer: member, sent: true, fileKey }));
  const received = { peer: record.author, sent: false, fileKey: record.fileKey };
  return [received, ...sources].flatMap(({ fileKey, ...source }) =>
    fileKey === undefined ? [] : [{ ...source, fileKey }],
  );
}

/** Loads the long texts of all conversations, each once. */
export class LongTexts {
  readonly #parts: LongTextParts;
  readonly #texts = new Map<string, LoadedText>();
  /** Record hashes of texts on their way. */
  readonly #loading = new Set<string>();
  /** What a fault that may pass has stopped, by record hash. */
  readonly #stopped = new Map<string, OpenedRecord>();

  constructor(parts: LongTextParts) {
    this.#parts = parts;
  }

  /** A long text by the hash of its record, or why it is not there. */
  loaded(hash: string): LoadedText | undefined {
    return this.#texts.get(hash);
  }

  /** A long text by the hash of its record. */
  textOf(hash: string): string | undefined {
    const loaded = this.#texts.get(hash);
    return loaded !== undefined && 'text' in loaded ? loaded.text : undefined;
  }

  /** Takes a text that this page wrote. */
  know(hash: string, text: string): void {
    this.#texts.set(hash, { text });
    this.#parts.changed();
  }

  /** Loads the text of a record, where it is too long for the record itself and not there yet. */
  async load(record: OpenedRecord): Promise<void> {
    const { hash } = record;
    const body = longBodyOf(record);
    if (body === undefined || this.#loading.has(hash) || this.textOf(hash) !== undefined) return;
    this.#loading.add(hash);
    this.#stopped.delete(hash);
    try {
      this.#texts.set(hash, { text: await this.#read(record, body) });
    } catch (error) {
      const fault = asFault(error);
      this.#texts.set(hash, { fault });
      if (PASSING.some((code) => code === fault.code)) this.#stopped.set(hash, record);
    } finally {
      this.#loading.delete(hash);
      this.#parts.changed();
    }
  }

  /** The relay is back: loads what a passing fault has stopped. */
  again(): void {
    for (const record of [...this.#stopped.values()]) void this.load(record);
  }

  /** Tries every key the record came with: it went to each recipient under another, and one of them may never have left. */
  async #read(record: OpenedRecord, { file }: LongBody): Promise<string> {
    let fault: unknown = new RelayError('record_invalid');
    for (const source of sourcesOf(record)) {
      for (let generation = 0; generation < MAX_CIRCLE_SECRETS; generation++) {
        try {
          return await loadLongText(this.#parts, { ...source, ...file, generation });
        } catch (error) {
          // There was no circle secret that old.
          if (isRelayError(error, 'recipient_unknown')) break;
          fault = error;
        }
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
    const frame = await parts.waiting(id);
    if (frame !== undefined) found.set(id, decodeUploadFrame(frame).blob);
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
