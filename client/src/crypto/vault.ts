/**
 * The vault: the one place in the client that holds a member's keys. In a browser it lives in a worker; nothing that leaves it
 * is secret but the decrypted messages themselves. Members, blobs and conversations are named in hexadecimal.
 */
import type { BodyRecord, Bytes, IssuerStatement, Pair, SessionProof } from '@relay/protocol';
import {
  BLOB_KIND,
  FileHasher,
  fromHex,
  hex,
  identityFileContent,
  loadIdentity,
  openLocal,
  openMessage,
  proveSession,
  RelayError,
  recogniseBlobId,
  sealLocal,
  sealMessage,
  writeIdentityFile,
} from '@relay/protocol';
import { transfer } from 'comlink';
import type { BlobCapability, CapabilityRequest } from './capabilities.ts';
import { capabilitiesFor } from './capabilities.ts';
import { namingPair, openingPair, sealingPair } from './file-pairs.ts';
import type { FileRecipient, SealedBatch } from './file-sealing.ts';
import { FileSealing } from './file-sealing.ts';
import type { OpenFileRequest, SealedFile } from './files.ts';
import { chunkIds, fileBlobs, joinFile, openChunks, sealFile } from './files.ts';
import { Handles } from './handles.ts';
import type { CircleView, OpenCircle, RosterChange } from './open-circle.ts';
import { openCircle, readingPairs, viewOf, withRosterUpdate } from './open-circle.ts';
import type { OpenedMessage } from './opened.ts';
import { isReadable, readRecords } from './opened.ts';
import type { Parcel } from './parcel.ts';
import { makeDecoy, parcelOf } from './parcel.ts';
import { RoomWork } from './rooms.ts';
import { rosterDiff } from './roster-diff.ts';

export type { CircleView, MemberView, RosterChange } from './open-circle.ts';
export type { OpenedRoom, SeatProof } from './rooms.ts';

/** What a blob id says (SPEC.md §5). */
export interface RecognisedBlob {
  id: string;
  /** Hexadecimal key hash of the sender. */
  sender: string;
  kind: number;
}

/** Holds an identity; every operation but {@link Vault.open} throws until it is open. */
export class Vault extends RoomWork {
  #circle: OpenCircle | undefined;
  readonly #sealings = new Handles<FileSealing>();
  readonly #openings = new Handles<FileHasher>();
  /** The latest call of {@link Vault.open}, while nothing closed the vault since. */
  #opening: symbol | undefined;

  constructor() {
    super(() => this.#open());
  }

  /**
   * Opens an identity file and forgets any earlier one.
   * @throws RelayError `identity_…` (SPEC.md §2.1); `identity_locked` also when the vault was closed meanwhile
   */
  async open(file: Uint8Array, passphrase?: string): Promise<CircleView> {
    this.close();
    const opening = Symbol('opening');
    this.#opening = opening;
    const circle = await openCircle(await loadIdentity(file, passphrase));
    const view = await viewOf(circle);
    if (this.#opening !== opening)
      throw new RelayError('identity_locked', 'The identity was closed while it was being opened.');
    this.#circle = circle;
    return view;
  }

  /**
   * Opens a roster update that the relay served and makes its roster the one in use: new messages are sealed under its circle secret. Members
   * who are no longer in it stay for reading.
   * @param update 131,072 bytes
   * @throws RelayError `roster_stale` when it is not newer than the roster in use, `roster_update_invalid` when it was not made for
   * this member by its circle (SPEC.md §16)
   */
  async acceptRoster(update: Uint8Array): Promise<RosterChange> {
    const before = this.#open();
    const circle = await withRosterUpdate(before, update);
    const [seen, view] = await Promise.all([viewOf(before), viewOf(circle)]);
    // Closed meanwhile, or another update came first: what was derived here is of no use then.
    if (this.#circle !== before) return this.acceptRoster(update);
    this.#circle = circle;
    const inUse = ({ members }: CircleView) => members.filter(({ isFormer }) => !isFormer);
    return { view, ...rosterDiff(inUse(seen), inUse(view)) };
  }

  /**
   * Makes a new identity file of this member, with the roster in use and every circle secret. It holds the private keys.
   * @param passphrase wraps it in the age format when given
   */
  async makeIdentityFile(passphrase?: string): Promise<Bytes> {
    const content = await identityFileContent(this.#open().identity);
    try {
      return await writeIdentityFile(content, passphrase);
    } finally {
      content.seed.fill(0);
    }
  }

  /** Forgets the identity. */
  close(): void {
    this.#opening = undefined;
    this.#circle = undefined;
    this.#sealings.clear();
    this.#openings.clear();
    this.endRooms();
    this.endDraws();
  }

  /** Proves this member's key to a relay (SPEC.md §12). */
  async prove(origin: string, nonce: Uint8Array): Promise<SessionProof> {
    return proveSession(this.#open().identity, origin, nonce);
  }

  /**
   * Recognises blobs by their ids, without their bytes.
   * @returns those that a member of the circle made; others are left out
   */
  async recognise(ids: readonly string[]): Promise<RecognisedBlob[]> {
    // The likeliest sender first: whoever sent the last one recognised.
    const pairs = this.#circle === undefined ? [] : readingPairs(this.#circle);
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
    const circle = this.#open();
    const match = await recogniseBlobId(readingPairs(circle), fromHex(id));
    if (match === undefined || !isReadable(match)) throw new RelayError('blob_unrecognised');
    const body = await openMessage(match.pair, fromHex(id), blob);
    return readRecords(circle.identity, match, body);
  }

  /** Seals records to a member (SPEC.md §6), or to itself as its sent log (§10); `issuer` is what the relay told of its key (§22.3). */
  async seal(
    recipient: string,
    kind: 'message' | 'sentLog',
    records: readonly BodyRecord[],
    issuer?: IssuerStatement,
  ): Promise<Parcel> {
    const { serial, hash } = this.#open().identity.roster;
    const pair = this.#pair(recipient);
    const body = { roster: { serial, hash }, ...(issuer === undefined ? {} : { issuer }), records };
    const { id, blob } = await sealMessage(pair, BLOB_KIND[kind], body);
    return parcelOf(pair, id, blob);
  }

  /** Makes a blob for a member, or for itself, that says nothing and looks like any other (SPEC.md §23). */
  async sealDecoy(recipient: string): Promise<Parcel> {
    return makeDecoy(this.#pair(recipient));
  }

  /**
   * The right to delete blobs that this member made for others, also for former members and under earlier circle secrets. Ids that it did
   * not make for that peer are left out.
   */
  async deleteCapabilities(requests: readonly CapabilityRequest[]): Promise<BlobCapability[]> {
    return capabilitiesFor(this.#open(), requests, 'deleteSecret');
  }

  /** The right to read such blobs; see {@link Vault.deleteCapabilities}. */
  async readCapabilities(requests: readonly CapabilityRequest[]): Promise<BlobCapability[]> {
    return capabilitiesFor(this.#open(), requests, 'readSecret');
  }

  /** Cuts and seals a file for a member under a fresh file key (SPEC.md §7). */
  async sealFile(recipient: string, data: Uint8Array): Promise<SealedFile> {
    return sealFile(this.#pair(recipient), data);
  }

  /**
   * Ids and read secrets of a file's chunks, in order.
   * @param from index of the first chunk, and `to` of the one after the last; all of them unless given
   */
  async fileBlobs(
    request: OpenFileRequest,
    from?: number,
    to?: number,
  ): Promise<{ id: string; readSecret: Uint8Array }[]> {
    return fileBlobs(openingPair(this.#open(), request), request, from, to);
  }

  /** Ids of all chunks of a file that this member sent or began to send, in order; `size` in bytes, `serial` as in {@link Vault.beginSealing}. */
  async chunkIds(peer: string, fileKey: Uint8Array, size: number, serial: number): Promise<string[]> {
    return chunkIds(namingPair(this.#open(), peer, serial), fileKey, size);
  }

  /**
   * Begins to seal a file that need not fit in memory (SPEC.md §7).
   * @param serial of the roster that was in use when the file was begun: all of its chunks are sealed under the circle secret of then
   * @returns a handle for {@link Vault.sealNext}; end it with {@link Vault.endSealing}
   * @throws RelayError `recipient_unknown` when a recipient is not in the roster any more
   */
  async beginSealing(file: Blob, recipients: readonly FileRecipient[], serial: number): Promise<number> {
    const circle = this.#open();
    const targets = recipients.map((one) => ({ ...one, pair: sealingPair(circle, one.member, serial) }));
    return this.#sealings.add(new FileSealing(file, targets));
  }

  /** See `FileSealing.skip`. @throws RelayError `file_changed` */
  async skipSealed(handle: number, chunks: number, prefix: Uint8Array): Promise<void> {
    await this.#sealings.get(handle).skip(chunks, prefix);
  }

  /** See `FileSealing.next`. @throws RelayError `file_changed` */
  async sealNext(handle: number, most: number): Promise<SealedBatch> {
    const batch = await this.#sealings.get(handle).next(most);
    return transfer(
      batch,
      batch.parcels.map(({ frame }) => frame.buffer),
    );
  }

  /** Forgets what {@link Vault.beginSealing} began. */
  async endSealing(handle: number): Promise<void> {
    this.#sealings.end(handle);
  }

  /** Begins to open a file in pieces; @returns a handle for {@link Vault.openNext} */
  async beginOpening(): Promise<number> {
    return this.#openings.add(new FileHasher());
  }

  /**
   * Opens the next chunks of a file.
   * @param from index of the first
   * @param blobs the chunks' blobs, in order
   * @returns their content, joined
   * @throws RelayError `blob_size`, `chunk_forged`
   */
  async openNext(
    handle: number,
    request: OpenFileRequest,
    from: number,
    blobs: readonly Uint8Array[],
  ): Promise<Bytes> {
    const hasher = this.#openings.get(handle);
    const data = await openChunks(openingPair(this.#open(), request), request, from, blobs);
    hasher.update(data);
    return transfer(data, [data.buffer]);
  }

  /** Ends {@link Vault.beginOpening}. @returns SHA-256 of all that was opened, 32 bytes */
  async endOpening(handle: number): Promise<Bytes> {
    const digest = this.#openings.get(handle).digest();
    this.#openings.end(handle);
    return digest;
  }

  /**
   * Joins and checks a file.
   * @param blobs the chunks' blobs, in order
   * @throws RelayError `chunk_forged`, `file_mismatch`
   */
  async joinFile(request: OpenFileRequest, blobs: readonly Uint8Array[]): Promise<Uint8Array> {
    return joinFile(openingPair(this.#open(), request), request, blobs);
  }

  /** Seals bytes for this member's local store. */
  async sealLocal(plaintext: Uint8Array): Promise<Uint8Array> {
    return sealLocal(this.#open().identity.keys.local.storage, plaintext);
  }

  /** Opens {@link Vault.sealLocal}; rejects what another member sealed. */
  async openLocal(sealed: Uint8Array): Promise<Uint8Array> {
    return openLocal(this.#open().identity.keys.local.storage, sealed);
  }

  #open(): OpenCircle {
    if (this.#circle === undefined) throw new RelayError('identity_locked', 'No identity is open.');
    return this.#circle;
  }

  /** The pair for sealing: only of a member of the roster in use. */
  #pair(peer: string): Pair {
    const pair = this.#circle?.current.get(peer)?.pairs[0];
    if (pair === undefined) throw new RelayError('recipient_unknown');
    return pair;
  }
}
