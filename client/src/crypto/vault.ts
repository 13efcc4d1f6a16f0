/**
 * The vault: the one place in the client that holds a member's keys. In a browser it lives in a worker; nothing that leaves it
 * is secret but the decrypted messages themselves. Members, blobs and conversations are named in hexadecimal.
 */
import type { BodyRecord, Identity, Pair, Recognised, SessionProof } from '@relay/protocol';
import {
  BLOB_KIND,
  capabilitiesOf,
  derivePair,
  encodeUploadFrame,
  equalBytes,
  fromHex,
  hex,
  loadIdentity,
  openLocal,
  openMessage,
  proveSession,
  RelayError,
  recogniseBlobId,
  sealLocal,
  sealMessage,
} from '@relay/protocol';
import type { OpenFileRequest, SealedFile } from './files.ts';
import { fileBlobs, joinFile, sealFile } from './files.ts';
import type { OpenedMessage } from './opened.ts';
import { readRecords } from './opened.ts';
import type { Parcel } from './parcel.ts';

/** What a client may know of the circle. */
export interface CircleView {
  /** 32 bytes. */
  circleId: Uint8Array;
  /** Hexadecimal key hash of the member itself. */
  self: string;
  members: { id: string; number: number; label: string }[];
  rosterSerial: number;
  /** Name of this member's local store. */
  storeName: string;
}

/** What a blob id says (SPEC.md §5). */
export interface RecognisedBlob {
  id: string;
  /** Hexadecimal key hash of the sender. */
  sender: string;
  kind: number;
}

/** The records of a sent log pass as this member's own, so nobody else's log is ever read. */
function isReadable({ pair, kind }: Recognised): boolean {
  const ownLog = kind === BLOB_KIND.sentLog && equalBytes(pair.peer.keyHash, pair.self.keys.keyHash);
  return kind === BLOB_KIND.message || ownLog;
}

/** Holds an identity; every operation but {@link Vault.open} throws until it is open. */
export class Vault {
  #identity: Identity | undefined;
  #pairs = new Map<string, Pair[]>();
  /** The latest call of {@link Vault.open}, while nothing closed the vault since. */
  #opening: symbol | undefined;

  /**
   * Opens an identity file and forgets any earlier one.
   * @throws RelayError `identity_…` (SPEC.md §2.1); `identity_locked` also when the vault was closed meanwhile
   */
  async open(file: Uint8Array, passphrase?: string): Promise<CircleView> {
    this.close();
    const opening = Symbol('opening');
    this.#opening = opening;
    const identity = await loadIdentity(file, passphrase);
    const pairs = new Map<string, Pair[]>();
    for (const peer of identity.roster.members) {
      const derived = identity.secrets.map((secret) => derivePair(identity, peer, secret));
      pairs.set(hex(peer.keyHash), await Promise.all(derived));
    }
    if (this.#opening !== opening)
      throw new RelayError('identity_locked', 'The identity was closed while it was being opened.');
    this.#identity = identity;
    this.#pairs = pairs;
    return {
      circleId: identity.roster.circleId,
      self: hex(identity.keys.keyHash),
      members: identity.roster.members.map(({ keyHash, number, label }) => ({
        id: hex(keyHash),
        number,
        label,
      })),
      rosterSerial: identity.roster.serial,
      storeName: hex(identity.keys.local.name),
    };
  }

  /** Forgets the identity. */
  close(): void {
    this.#opening = undefined;
    this.#identity = undefined;
    this.#pairs = new Map();
  }

  /** Proves this member's key to a relay (SPEC.md §12). */
  async prove(origin: string, nonce: Uint8Array): Promise<SessionProof> {
    return proveSession(this.#open(), origin, nonce);
  }

  /**
   * Recognises blobs by their ids, without their bytes.
   * @returns those that a member of the circle made; others are left out
   */
  async recognise(ids: readonly string[]): Promise<RecognisedBlob[]> {
    // The likeliest sender first: whoever sent the last one recognised.
    const pairs = [...this.#pairs.values()].flat();
    const found: RecognisedBlob[] = [];
    for (const id of ids) {
      const match = await recogniseBlobId(pairs, fromHex(id));
      if (match === undefined) continue;
      pairs.splice(pairs.indexOf(match.pair), 1);
      pairs.unshift(match.pair);
      found.push({ id, sender: hex(match.pair.peer.keyHash), kind: match.kind });
    }
    return found;
  }

  /**
   * Opens a message or sent-log blob of this member's mailbox. A malformed record in it is reported beside the sound ones.
   * @throws RelayError `blob_unrecognised` (also for other kinds, and for a sent log that another member made), `blob_size`,
   * `blob_forged` or `blob_malformed`
   */
  async openMessage(id: string, blob: Uint8Array): Promise<OpenedMessage> {
    const identity = this.#open();
    const match = await recogniseBlobId([...this.#pairs.values()].flat(), fromHex(id));
    if (match === undefined || !isReadable(match)) throw new RelayError('blob_unrecognised');
    const body = await openMessage(match.pair, fromHex(id), blob);
    return readRecords(identity, match, body);
  }

  /** Seals records to a member (SPEC.md §6), or to itself as its sent log (§10). */
  async seal(
    recipient: string,
    kind: 'message' | 'sentLog',
    records: readonly BodyRecord[],
  ): Promise<Parcel> {
    const { serial, hash } = this.#open().roster;
    const pair = this.#pair(recipient);
    const { id, blob } = await sealMessage(pair, BLOB_KIND[kind], { roster: { serial, hash }, records });
    const { readHash, deleteHash } = await capabilitiesOf(pair, id);
    return { id: hex(id), recipient, frame: encodeUploadFrame({ id, readHash, deleteHash, blob }) };
  }

  /** Cuts and seals a file for a member under a fresh file key (SPEC.md §7). */
  async sealFile(recipient: string, data: Uint8Array): Promise<SealedFile> {
    return sealFile(this.#pair(recipient), recipient, data);
  }

  /**
   * Ids and, for files this member sent, read secrets of a file's chunks, in order.
   */
  async fileBlobs(request: OpenFileRequest): Promise<{ id: string; readSecret: Uint8Array }[]> {
    return fileBlobs(this.#pair(request.peer), request);
  }

  /**
   * Joins and checks a file.
   * @param blobs the chunks' blobs, in order
   * @throws RelayError `chunk_forged`, `file_mismatch`
   */
  async joinFile(request: OpenFileRequest, blobs: readonly Uint8Array[]): Promise<Uint8Array> {
    return joinFile(this.#pair(request.peer), request, blobs);
  }

  /** Seals bytes for this member's local store. */
  async sealLocal(plaintext: Uint8Array): Promise<Uint8Array> {
    return sealLocal(this.#open().keys.local.storage, plaintext);
  }

  /** Opens {@link Vault.sealLocal}; rejects what another member sealed. */
  async openLocal(sealed: Uint8Array): Promise<Uint8Array> {
    return openLocal(this.#open().keys.local.storage, sealed);
  }

  #open(): Identity {
    if (this.#identity === undefined) throw new RelayError('identity_locked', 'No identity is open.');
    return this.#identity;
  }

  #pair(peer: string): Pair {
    const pair = this.#pairs.get(peer)?.[0];
    if (pair === undefined) throw new RelayError('recipient_unknown');
    return pair;
  }
}
