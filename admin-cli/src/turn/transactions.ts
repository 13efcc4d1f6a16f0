import { randomBytes } from 'node:crypto';
import { TurnError } from './errors.ts';
import { decodeChannelData } from './framing.ts';
import type { DecodedMessage, StunAttribute } from './stun-message.ts';
import { decodeMessage, encodeMessage, integrityHolds, TRANSACTION_ID_BYTES } from './stun-message.ts';
import type { Link, TurnServer } from './transports.ts';
import { openLink } from './transports.ts';

/** The first wait before a request is sent again over UDP, in milliseconds; each next one is twice as long (RFC 8489 §6.2.1). */
const RESEND_MS = 250;

/** What is asked of a server. */
export interface StunRequest {
  method: number;
  /** Attributes, given the transaction id that addresses are masked with. */
  attributes: (transactionId: Uint8Array) => readonly StunAttribute[];
  /** The HMAC key to sign with; the answer must then be signed with it too, unless it is a refusal. */
  key?: Uint8Array;
}

/** Who is told what the server sends without being asked. */
export interface UnaskedEvents {
  onIndication(message: DecodedMessage): void;
  onChannelData(channel: number, data: Uint8Array): void;
}

interface Waiting {
  request: StunRequest;
  settle(answer: DecodedMessage | TurnError): void;
}

/** Requests over one link, each with its answer (RFC 8489 §6.2). */
export class Transactions {
  readonly #waiting = new Map<string, Waiting>();
  readonly #events: UnaskedEvents;
  readonly #answerMs: number;
  #link: Link | undefined;
  #ended: TurnError | undefined;

  private constructor(events: UnaskedEvents, answerMs: number) {
    this.#events = events;
    this.#answerMs = answerMs;
  }

  /**
   * Opens a link.
   * @param answerMs how long the connection and each answer may take, in milliseconds
   * @throws TurnError as {@link openLink}
   */
  static async open(server: TurnServer, events: UnaskedEvents, answerMs: number): Promise<Transactions> {
    const transactions = new Transactions(events, answerMs);
    transactions.#link = await openLink(
      server,
      {
        onFrame: (frame) => transactions.#receive(frame),
        onLost: (error) => transactions.#end(error),
      },
      answerMs,
    );
    return transactions;
  }

  /**
   * Sends a request and waits for its answer, which may be a refusal.
   * @throws TurnError `silent` when none comes; `broken` or `closed` when the link ends first
   */
  async ask(request: StunRequest): Promise<DecodedMessage> {
    if (this.#ended !== undefined) throw this.#ended;
    const transactionId = randomBytes(TRANSACTION_ID_BYTES);
    const id = transactionId.toString('hex');
    const bytes = encodeMessage(
      {
        method: request.method,
        class: 'request',
        transactionId,
        attributes: request.attributes(transactionId),
      },
      { fingerprint: true, ...(request.key === undefined ? {} : { key: request.key }) },
    );
    const { promise, resolve } = Promise.withResolvers<DecodedMessage | TurnError>();
    this.#waiting.set(id, { request, settle: resolve });
    const stop = this.#sendUntilStopped(bytes, () =>
      resolve(new TurnError('silent', 'The TURN server does not answer.')),
    );
    const answer = await promise;
    stop();
    this.#waiting.delete(id);
    if (answer instanceof TurnError) throw answer;
    return answer;
  }

  /** Sends an indication, which has no answer (RFC 8489 §6.3.2). */
  indicate(method: number, attributes: StunRequest['attributes']): void {
    const transactionId = randomBytes(TRANSACTION_ID_BYTES);
    this.send(
      encodeMessage({ method, class: 'indication', transactionId, attributes: attributes(transactionId) }),
    );
  }

  /** Sends a frame as it is. */
  send(frame: Uint8Array): void {
    this.#link?.send(frame);
  }

  /** Ends the link and what waits on it. */
  close(): void {
    this.#end(new TurnError('closed', 'The TURN client was closed.'));
    this.#link?.close();
  }

  /** Sends, and sends again where that may be needed, until told to stop or until time is up. */
  #sendUntilStopped(bytes: Uint8Array, onSilence: () => void): () => void {
    const deadline = setTimeout(onSilence, this.#answerMs);
    let resend: NodeJS.Timeout | undefined;
    const sendAfter = (waitMs: number) => {
      this.send(bytes);
      if (!this.#link?.reliable) resend = setTimeout(() => sendAfter(waitMs * 2), waitMs);
    };
    sendAfter(RESEND_MS);
    return () => {
      clearTimeout(deadline);
      clearTimeout(resend);
    };
  }

  #end(error: TurnError): void {
    this.#ended ??= error;
    for (const { settle } of this.#waiting.values()) settle(error);
  }

  #receive(frame: Buffer): void {
    const channelData = decodeChannelData(frame);
    if (channelData !== undefined) {
      this.#events.onChannelData(channelData.channel, channelData.data);
      return;
    }
    const message = decodeMessage(frame);
    if (message?.class === 'indication') this.#events.onIndication(message);
    else if (message !== undefined) this.#answered(message, frame);
  }

  #answered(message: DecodedMessage, frame: Buffer): void {
    const waiting = this.#waiting.get(Buffer.from(message.transactionId).toString('hex'));
    if (waiting === undefined || waiting.request.method !== message.method) return;
    const { key } = waiting.request;
    // A refusal of the credential itself cannot be signed with it (RFC 8489 §9.2.4); whatever is granted must be.
    const optional = message.class === 'error' && !message.signed;
    if (key !== undefined && !optional && !integrityHolds(frame, key)) return;
    if (message.class === 'success' || message.class === 'error') waiting.settle(message);
  }
}
