/** The relay's HTTP interface (SPEC.md §13), with every answer parsed where it arrives. */
import type { BlobFrame, Bytes, Capability, MailboxEntry } from '@relay/protocol';
import {
  b64,
  challengeAnswer,
  concat,
  decodeEntries,
  deleteAnswer,
  encodeCapabilities,
  fromUtf8,
  hex,
  PROTOCOL_VERSION,
  RelayError,
  ROSTER_UPDATE_BYTES,
  ROUTES,
  readBlobFrames,
  SESSION_SCHEME,
  sessionAnswer,
  TICKET_SCHEME,
  TOKEN_SCHEME,
  ticketAnswer,
  tokenKeysAnswer,
  tokensAnswer,
  turnAnswer,
} from '@relay/protocol';
import type { z } from 'zod';
import type { Carrier, RequestParts } from './request.ts';
import { SHORT_SILENCE_MS, SILENCE_MS, streamRequest } from './request.ts';

/** A relay's nonce. */
export type Challenge = z.infer<typeof challengeAnswer>;
/** A session's token and its life in seconds. */
export type SessionGrant = z.infer<typeof sessionAnswer>;
/** The right to store a few blobs for one recipient, and what its mailbox has room for besides. */
export type Ticket = z.infer<typeof ticketAnswer>;
/** Keys that blind tokens are issued under. */
export type IssuerKeys = z.infer<typeof tokenKeysAnswer>['keys'];
/** An evaluated batch. */
export type TokenGrant = z.infer<typeof tokensAnswer>;
/** One entry for `iceServers`, and its life in seconds. */
export type TurnCredentials = z.infer<typeof turnAnswer>;

/** Bytes of a JSON answer at most, several times what any has; and of the list of a mailbox, which is one of 400 GiB. */
const MOST_JSON = 65_536;
const MOST_ENTRIES = 134_217_728;

const bearer = (token: Uint8Array) => `${SESSION_SCHEME} ${b64(token)}`;

/** What the answer says, or `relay_protocol` when it says nothing this client knows. */
function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new RelayError('relay_protocol', undefined, { cause });
  }
}

/** Each blob that was asked for, once. @throws RelayError `relay_protocol` for another one: whoever collects them must not have to count */
async function* onlyAsked(ids: readonly Uint8Array[], frames: AsyncGenerator<BlobFrame>) {
  const waited = new Set(ids.map(hex));
  for await (const frame of frames) {
    if (!waited.delete(hex(frame.id))) throw new RelayError('relay_protocol');
    yield frame;
  }
}

/** A relay at one origin. Holds no state: sessions and tickets are the caller's. Every method throws RelayError only. */
export class RelayHttp {
  readonly origin: string;
  readonly #way: Omit<Carrier, 'signal'>;
  readonly #closing = new AbortController();
  #interruption = new AbortController();

  /**
   * @param origin as `relayOrigin` gives it
   * @param fetcher replaces `fetch` in tests
   * @param silenceMs silence after which a request is given up, in milliseconds
   */
  constructor(origin: string, fetcher: typeof fetch = (...args) => fetch(...args), silenceMs = SILENCE_MS) {
    this.origin = origin;
    this.#way = { fetcher, silenceMs };
  }

  get #carrier(): Carrier {
    return { ...this.#way, signal: AbortSignal.any([this.#closing.signal, this.#interruption.signal]) };
  }

  /** Ends every request under way with `relay_unreachable`: the network they left by is gone. */
  interrupt(): void {
    this.#interruption.abort();
    this.#interruption = new AbortController();
  }

  /** Ends every request, those under way and those to come. */
  close(): void {
    this.#closing.abort();
  }

  /** Asks for a nonce; `protocol_unsupported` when the relay speaks no version that this client does. */
  async challenge(): Promise<Challenge> {
    const answer = await this.#json(challengeAnswer, ROUTES.challenge, {});
    if (!answer.protocol.includes(PROTOCOL_VERSION)) throw new RelayError('protocol_unsupported');
    return answer;
  }

  /** Shows a proof of 1,280 + 64 bytes for a nonce; gets a session. */
  async openSession(
    nonce: Uint8Array,
    proof: { bundle: Uint8Array; signature: Uint8Array },
  ): Promise<SessionGrant> {
    const json = {
      protocol: PROTOCOL_VERSION,
      origin: this.origin,
      nonce: b64(nonce),
      bundle: b64(proof.bundle),
      signature: b64(proof.signature),
    };
    return this.#json(sessionAnswer, ROUTES.sessions, { json });
  }

  /** The keys that blind tokens are issued under, newest first. It is asked without a session, so that everybody is told the same. */
  async tokenKeys(): Promise<IssuerKeys> {
    return (await this.#json(tokenKeysAnswer, ROUTES.tokenKeys, { method: 'GET' })).keys;
  }

  /** Has a batch evaluated (2,048 bytes, SPEC.md §22.2). */
  async drawTokens(token: Uint8Array, request: Uint8Array): Promise<TokenGrant> {
    const parts = { authorization: bearer(token), binary: request };
    return this.#json(tokensAnswer, ROUTES.tokens, parts, this.#way.silenceMs);
  }

  /**
   * Buys an upload ticket for a recipient (key hash, 32 bytes). Nothing on the request names who asks.
   * @param token a blind token, 100 bytes
   */
  async buyTicket(token: Uint8Array, recipient: Uint8Array): Promise<Ticket> {
    const json = { recipient: b64(recipient) };
    const authorization = `${TOKEN_SCHEME} ${b64(token)}`;
    return this.#json(ticketAnswer, ROUTES.tickets, { authorization, json });
  }

  /** Stores one upload frame. When it returns, the blob is on the relay's disk. */
  async upload(ticket: Uint8Array, frame: Uint8Array): Promise<void> {
    const authorization = `${TICKET_SCHEME} ${b64(ticket)}`;
    await this.#bytes(ROUTES.blobs, { authorization, binary: frame, success: [204] });
  }

  /** Lists the own mailbox. */
  async listMailbox(token: Uint8Array): Promise<MailboxEntry[]> {
    const parts = { method: 'GET', authorization: bearer(token) } as const;
    const bytes = await this.#bytes(ROUTES.mailbox, parts, MOST_ENTRIES);
    return understood(() => decodeEntries(bytes));
  }

  /** Fetches up to 256 blobs of the own mailbox, as they arrive; what is not there is left out. */
  fetchBlobs(token: Uint8Array, ids: readonly Uint8Array[]): AsyncGenerator<BlobFrame> {
    const parts = { authorization: bearer(token), binary: concat(...ids) };
    return onlyAsked(ids, readBlobFrames(this.#stream(ROUTES.mailboxFetch, parts)));
  }

  /** Fetches up to 256 blobs of any mailbox by read capability. */
  readBlobs(capabilities: readonly Capability[]): AsyncGenerator<BlobFrame> {
    const ids = capabilities.map(({ id }) => id);
    const parts = { binary: encodeCapabilities(capabilities) };
    return onlyAsked(ids, readBlobFrames(this.#stream(ROUTES.blobsRead, parts)));
  }

  /** Deletes blobs of the own mailbox; returns how many were there. */
  async deleteBlobs(token: Uint8Array, ids: readonly Uint8Array[]): Promise<number> {
    const parts = { authorization: bearer(token), binary: concat(...ids) };
    return (await this.#json(deleteAnswer, ROUTES.mailboxDelete, parts)).deleted;
  }

  /** Deletes up to 256 blobs of any mailbox by delete capability; returns how many were there. */
  async deleteByCapability(capabilities: readonly Capability[]): Promise<number> {
    const parts = { binary: encodeCapabilities(capabilities) };
    return (await this.#json(deleteAnswer, ROUTES.blobsDelete, parts)).deleted;
  }

  /** Deletes all blobs of the own mailbox, however long that takes; returns how many were there. */
  async emptyMailbox(token: Uint8Array): Promise<number> {
    const parts = { authorization: bearer(token) };
    return (await this.#json(deleteAnswer, ROUTES.mailboxEmpty, parts, this.#way.silenceMs)).deleted;
  }

  /** Ends all sessions of the own key, this one too. */
  async endSessions(token: Uint8Array): Promise<void> {
    await this.#bytes(ROUTES.sessionsEnd, { authorization: bearer(token), success: [204] });
  }

  /** Credentials for the circle's TURN server (SPEC.md §13.1); `turn_unavailable` where there is none. */
  async turnCredentials(token: Uint8Array): Promise<TurnCredentials> {
    return this.#json(turnAnswer, ROUTES.turn, { authorization: bearer(token) });
  }

  /** The served roster update (131,072 bytes), or undefined when there is none. */
  async rosterUpdate(token: Uint8Array): Promise<Bytes | undefined> {
    const parts = { method: 'GET', authorization: bearer(token), success: [200, 204] } as const;
    const bytes = await this.#bytes(ROUTES.rosterUpdate, parts);
    if (bytes.length === 0) return undefined;
    if (bytes.length !== ROSTER_UPDATE_BYTES) throw new RelayError('relay_protocol');
    return bytes;
  }

  #stream(path: string, parts: RequestParts, carrier = this.#carrier): AsyncGenerator<Uint8Array> {
    return streamRequest(carrier, this.origin + path, parts);
  }

  /** An answer of `most` bytes at most, however long the relay goes on. */
  async #bytes(
    path: string,
    parts: RequestParts,
    most = ROSTER_UPDATE_BYTES,
    carrier = this.#carrier,
  ): Promise<Bytes> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of this.#stream(path, parts, carrier)) {
      length += piece.length;
      if (length > most) throw new RelayError('relay_protocol');
      pieces.push(piece);
    }
    return concat(...pieces);
  }

  async #json<T>(
    schema: z.ZodType<T>,
    path: string,
    parts: RequestParts,
    silenceMs = Math.min(this.#way.silenceMs, SHORT_SILENCE_MS),
  ): Promise<T> {
    const bytes = await this.#bytes(path, parts, MOST_JSON, { ...this.#carrier, silenceMs });
    return understood(() => schema.parse(JSON.parse(fromUtf8(bytes))));
  }
}
