/** Files between real vaults and a relay that does as it is told. */
import {
  decodeUploadFrame,
  equalBytes,
  fromHex,
  generateCircle,
  hex,
  RelayError,
  randomBytes,
  sha256,
  writeIdentityFile,
} from '@relay/protocol';
import { expect, vi } from 'vitest';
import type { OpenedRecord } from '../../src/crypto/opened.ts';
import type { VaultClient } from '../../src/crypto/spawn.ts';
import { Vault } from '../../src/crypto/vault.ts';
import type { FinishedUpload, UploadsParts } from '../../src/state/files/uploads.ts';
import { Uploads } from '../../src/state/files/uploads.ts';
import type { FileSink } from '../../src/state/model.ts';
import type { LocalStore } from '../../src/storage/local-store.ts';
import { memoryLocalStore } from '../../src/storage/local-store.ts';
import { NOW } from './records.ts';

/** The conversation that files are sent in. */
export const CONVERSATION = 'c0'.repeat(32);

/** A member with an open vault. */
export interface FileMember {
  vault: VaultClient;
  id: string;
}

/** Makes a circle; every member's vault is open. */
export async function openMembers(count: number): Promise<FileMember[]> {
  const { identities } = await generateCircle(Array.from({ length: count }, (_, i) => `Member ${i + 1}`));
  return Promise.all(
    identities.map(async (identity) => {
      const vault = new Vault();
      const { self } = await vault.open(await writeIdentityFile(identity));
      // In this process it answers at once where a worker answers later; nothing else differs.
      return { vault: vault as unknown as VaultClient, id: self };
    }),
  );
}

/** Bytes without a pattern that a mistaken order of chunks could hide behind. */
export function contentOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) bytes.set(randomBytes(Math.min(65_536, size - at)), at);
  return bytes;
}

/** A relay in memory: it keeps blobs, and takes other bytes under a known id for a conflict. */
export class FileRelay {
  now = NOW;
  /** Frames by blob id. */
  readonly blobs = new Map<string, { frame: Uint8Array; recipient: string }>();
  readonly tickets: { recipient: string; left: number }[] = [];
  attempts = 0;
  flying = 0;
  mostFlying = 0;
  /** Called before an upload is taken. */
  refuse: (attempt: number, recipient: string, id: string) => void | Promise<void> = () => {};

  readonly buyTicket = async (recipient: Uint8Array) => {
    this.tickets.push({ recipient: hex(recipient), left: 32 });
    return { ticket: Uint8Array.of(this.tickets.length >> 8, this.tickets.length & 255), blobs: 32 };
  };

  readonly upload = async ([high = 0, low = 0]: Uint8Array, frame: Uint8Array) => {
    const ticket = this.tickets[high * 256 + low - 1];
    if (ticket === undefined || ticket.left-- <= 0) throw new RelayError('ticket_invalid');
    const id = hex(decodeUploadFrame(frame).id);
    this.mostFlying = Math.max(this.mostFlying, ++this.flying);
    try {
      await this.refuse(++this.attempts, ticket.recipient, id);
      const known = this.blobs.get(id);
      if (known !== undefined && !equalBytes(known.frame, frame)) throw new RelayError('blob_conflict');
      this.blobs.set(id, { frame: frame.slice(), recipient: ticket.recipient });
    } finally {
      this.flying--;
    }
  };

  readonly deleteByCapability = async (secrets: readonly { id: string; secret: Uint8Array }[]) => {
    if (secrets.length === 0 || secrets.length > 256) throw new RelayError('bad_request');
    for (const { id, secret } of secrets) {
      const kept = this.blobs.get(id);
      if (kept === undefined) continue;
      if (equalBytes(decodeUploadFrame(kept.frame).deleteHash, await sha256(secret))) this.blobs.delete(id);
    }
  };

  /** Blobs in one mailbox. */
  countOf(recipient: string): number {
    return [...this.blobs.values()].filter((kept) => kept.recipient === recipient).length;
  }

  /** The ways of one member to its mailbox and to those of others. */
  readerOf(member: string) {
    const { blobs } = this;
    return {
      async *fetch(ids: readonly Uint8Array[]) {
        for (const id of ids) {
          const kept = blobs.get(hex(id));
          if (kept?.recipient === member) yield { id, blob: decodeUploadFrame(kept.frame).blob.slice() };
        }
      },
      async *read(capabilities: readonly { id: Uint8Array; secret: Uint8Array }[]) {
        for (const { id, secret } of capabilities) {
          const kept = blobs.get(hex(id));
          if (kept === undefined) continue;
          const { readHash, blob } = decodeUploadFrame(kept.frame);
          if (equalBytes(readHash, await sha256(secret))) yield { id, blob: blob.slice() };
        }
      },
    };
  }
}

/** A store that counts its frames. */
export function countingStore(isKept = false): LocalStore & { most: number; frames(): Promise<number> } {
  const store = memoryLocalStore();
  const counting = {
    ...store,
    isKept,
    most: 0,
    frames: async () => (await store.frameKeys()).length,
    async apply(change: Parameters<LocalStore['apply']>[0]) {
      await store.apply(change);
      counting.most = Math.max(counting.most, await counting.frames());
    },
  };
  return counting;
}

/** Locks as `navigator.locks` gives them to the pages of one store: one after the other for each name. */
const locks = new WeakMap<LocalStore, Map<string, Promise<unknown>>>();

function lockOf(store: LocalStore): UploadsParts['exclusively'] {
  const last = locks.get(store) ?? new Map<string, Promise<unknown>>();
  locks.set(store, last);
  return async (name, work) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work);
    last.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  };
}

/** A page that sends files. */
export async function openPage(
  { vault }: FileMember,
  relay: FileRelay,
  store: LocalStore,
  parts: Partial<UploadsParts> = {},
) {
  const finished: FinishedUpload[] = [];
  const failures: unknown[] = [];
  const uploads = new Uploads({
    vault,
    store,
    rosterSerial: () => 1,
    buyTicket: relay.buyTicket,
    upload: relay.upload,
    deleteByCapability: relay.deleteByCapability,
    exclusively: lockOf(store),
    now: () => relay.now,
    changed: () => {},
    storageFailed: (cause) => failures.push(cause),
    async finished(upload) {
      await store.apply({ remove: [upload.rowKey] });
      finished.push(upload);
    },
    ...parts,
  });
  await uploads.load();
  const item = () => uploads.itemsOf(CONVERSATION)[0];
  return {
    uploads,
    finished,
    failures,
    item,
    begin: (file: Blob, ...recipients: FileMember[]) =>
      uploads.begin({
        conversation: CONVERSATION,
        recipients: recipients.map(({ id }) => id),
        file,
        name: 'a file.bin',
        type: 'application/octet-stream',
      }),
    until: (check: () => unknown) =>
      vi.waitFor(() => expect(check()).toBeTruthy(), { timeout: 10_000, interval: 5 }),
  };
}

/** A sink that keeps what it is given. */
export function testSink(): FileSink & { written: Uint8Array[]; end: 'closed' | 'aborted' | undefined } {
  const sink = {
    written: [] as Uint8Array[],
    end: undefined as 'closed' | 'aborted' | undefined,
    async write(bytes: Uint8Array) {
      sink.written.push(bytes.slice());
    },
    async close() {
      sink.end = 'closed';
    },
    async abort() {
      sink.end = 'aborted';
    },
  };
  return sink;
}

/** A record of a file, as its recipient has it, or its sender with lines of the sent log. */
export function fileRecord(
  author: string,
  file: { size: number; hash: Uint8Array; name?: string },
  change: Partial<OpenedRecord>,
): OpenedRecord {
  const { size, hash, name = 'a file.bin' } = file;
  return {
    hash: hex(hash),
    id: hex(randomBytes(16)),
    author,
    at: NOW,
    conversation: CONVERSATION,
    members: [],
    group: undefined,
    writer: '00'.repeat(8),
    n: 1,
    references: [],
    kind: 'file',
    body: { file: { size, hash }, name, type: 'application/octet-stream' },
    content: new Uint8Array(),
    fileKey: undefined,
    sentTo: [],
    ...change,
  };
}

/** Seals a file for one member and puts it into the relay. @returns its key, and the blob ids in order */
export async function deliver(
  sender: FileMember,
  recipient: FileMember,
  relay: FileRelay,
  data: Uint8Array<ArrayBuffer>,
): Promise<{ fileKey: Uint8Array; ids: string[]; hash: Uint8Array }> {
  const fileKey = randomBytes(32);
  const targets = [{ member: recipient.id, fileKey }];
  const handle = await sender.vault.beginSealing(new Blob([data]), targets, 1);
  const { parcels } = await sender.vault.sealNext(handle, Number.POSITIVE_INFINITY);
  await sender.vault.endSealing(handle);
  for (const { id, frame } of parcels) relay.blobs.set(id, { frame, recipient: recipient.id });
  return { fileKey, ids: parcels.map(({ id }) => id), hash: await sha256(data) };
}

/** What a member reads of a file that was sent to it, chunk by chunk. */
export async function received(
  member: FileMember,
  sender: FileMember,
  relay: FileRelay,
  upload: FinishedUpload,
): Promise<Uint8Array> {
  const fileKey = upload.keys.find((key) => key.member === member.id)?.fileKey;
  if (fileKey === undefined) throw new Error('the file has no key for this member');
  const request = { peer: sender.id, sent: false, fileKey, size: upload.size, hash: upload.hash };
  const chunks = await member.vault.fileBlobs(request);
  const blobs: Uint8Array[] = [];
  const { fetch } = relay.readerOf(member.id);
  for await (const { blob } of fetch(chunks.map(({ id }) => fromHex(id)))) blobs.push(blob);
  return member.vault.joinFile(request, blobs);
}
