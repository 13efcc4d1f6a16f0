/** Signals between two seats, reliable and in order (SPEC.md §21.5): go-back-N over a relay that may lose, repeat, swap and forge. */
import type { Bytes, ErrorCode, Signal, SignalBody } from '@relay/protocol';
import { isRelayError } from '@relay/protocol';
import type { After } from '../../timer.ts';
import { turnTaker } from '../../turns.ts';

/** Signals that are on their way unacknowledged at most. */
const WINDOW = 32;
const RESEND_MS = 2_000;
const MAX_RESEND_MS = 10_000;
const ACK_MS = 500;
/** Signals that wait to be opened at most; more than a whole window sent twice is no honest traffic. */
const MAX_UNOPENED = 2 * WINDOW;

/** A signal that is not an acknowledgement. */
export type Numbered = Exclude<Signal, { kind: 'ack' }>;

/** What a flow is made of. */
export interface FlowOptions {
  after: After;
  seal(signal: Signal): Promise<Bytes>;
  /** @throws RelayError `signal_forged` or `signal_malformed` */
  open(box: Uint8Array): Promise<Signal>;
  /** Hands a box to the relay. @throws RelayError, `seat_unknown` among others */
  send(box: Uint8Array): Promise<void>;
  /** What this page says of itself when a `state` is sealed. */
  state(): SignalBody<'state'>;
  /**
   * The next signal in order.
   * @param isCurrent false for one that was written before the other side knew of this side's last `bye`
   */
  deliver(signal: Numbered, isCurrent: boolean): void;
  /** Something was not followed. */
  refused(code: ErrorCode): void;
  /** A signal could not be sealed, and is given up. */
  failed(error: unknown): void;
  /** The relay says that the recipient has left. */
  gone(): void;
}

type Media = { [K in 'description' | 'candidate']: { kind: K; body: SignalBody<K> } }[
  | 'description'
  | 'candidate'];
/** What waits to be sealed; a `state` is written when its turn comes, so that it is never stale. */
type Waiting = Media | { kind: 'state' } | { kind: 'bye' };

/** One flow; it ends with either seat. */
export class Flow {
  readonly #options: FlowOptions;
  readonly #openings = turnTaker();
  #waiting: Waiting[] = [];
  #unacknowledged: { n: number; box: Bytes }[] = [];
  #sent = 0;
  #taken = 0;
  #acknowledged = 0;
  #unopened = 0;
  /** Media signals count from this acknowledgement on. */
  #fence = 0;
  #isSealing = false;
  #isAckDue = false;
  #resendMs = RESEND_MS;
  #cancelResend: (() => void) | undefined;
  #cancelAck: (() => void) | undefined;
  #isStopped = false;
  #isLeaving = false;
  /** Once this side has said goodbye: resolves when nothing is on its way any more. */
  #heard: PromiseWithResolvers<void> | undefined;

  constructor(options: FlowOptions) {
    this.#options = options;
  }

  /** The other side may not know yet that the connection ended. */
  get hasOpenReset(): boolean {
    return this.#fence > this.#acknowledged;
  }

  /** Tells how this page stands; what waits already to be told is told once. */
  sendState(): void {
    if (this.#waiting.at(-1)?.kind !== 'state') this.#push({ kind: 'state' });
  }

  /** Sends a description or a candidate. */
  sendMedia(signal: Media): void {
    this.#push(signal);
  }

  /**
   * Ends the connection with the other side, which the `state` that follows may begin anew. What waits for the old one is not sent any
   * more, and what the other side sent for it does not count.
   */
  reset(): void {
    this.#dropMedia();
    this.#fence = Number.POSITIVE_INFINITY;
    this.#push({ kind: 'bye' });
    this.#push({ kind: 'state' });
  }

  /** The other side ended the connection: what waits for it is not sent any more. */
  forgetMedia(): void {
    this.#dropMedia();
  }

  /** Takes what came from the other seat. */
  receive(box: Uint8Array): void {
    if (this.#isStopped || this.#unopened >= MAX_UNOPENED) return;
    this.#unopened++;
    void this.#openings(async () => {
      try {
        if (!this.#isStopped) await this.#open(box);
      } finally {
        this.#unopened--;
      }
    });
  }

  /** Something that came is being opened. */
  get isOpening(): boolean {
    return this.#unopened > 0;
  }

  /** Resolves when what came until now is opened. */
  opened(): Promise<void> {
    return this.#openings(async () => {});
  }

  /** Says goodbye, as often as it takes, and stops. Resolves when the other side has acknowledged it, or has gone. */
  async leave(): Promise<void> {
    if (this.#isStopped) return;
    this.#isLeaving = true;
    this.#waiting = this.#waiting.filter(({ kind }) => kind === 'state').slice(-1);
    this.#waiting.push({ kind: 'bye' });
    while (this.#isSealing) await Promise.allSettled([this.#pumping]);
    await this.#pump();
    if (this.#unacknowledged.length > 0) {
      this.#heard = Promise.withResolvers();
      await this.#heard.promise;
    }
    this.stop();
  }

  /** Drops everything. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelResend?.();
    this.#cancelAck?.();
    this.#waiting = [];
    this.#unacknowledged = [];
    this.#heard?.resolve();
  }

  #dropMedia(): void {
    this.#waiting = this.#waiting.filter(({ kind }) => kind === 'state' || kind === 'bye');
  }

  #push(signal: Waiting): void {
    if (this.#isStopped || this.#isLeaving) return;
    this.#waiting.push(signal);
    void this.#pump();
  }

  #pumping: Promise<void> = Promise.resolve();

  #pump(): Promise<void> {
    if (!this.#isSealing && !this.#isStopped) {
      this.#isSealing = true;
      this.#pumping = this.#sealAll();
    }
    return this.#pumping;
  }

  /** One after the other: a signal is numbered, and says what it acknowledges, at the moment it is taken off the queue. */
  async #sealAll(): Promise<void> {
    try {
      while (!this.#isStopped) {
        const hasRoom = this.#unacknowledged.length < WINDOW || this.#isLeaving;
        const next = hasRoom ? this.#waiting.shift() : undefined;
        if (next !== undefined) await this.#sealNext(next);
        else if (this.#isAckDue) await this.#sealAck();
        else return;
      }
    } finally {
      // In the same turn as the last look at the queue: what is pushed right after would wait for good.
      this.#isSealing = false;
    }
  }

  async #sealNext(next: Waiting): Promise<void> {
    const n = ++this.#sent;
    const box = await this.#seal({ n, ack: this.#taken, ...this.#written(next) });
    if (box === undefined) {
      this.#sent--;
      return;
    }
    const hasMoreByes = this.#waiting.some(({ kind }) => kind === 'bye');
    if (next.kind === 'bye' && !hasMoreByes) this.#fence = n;
    this.#unacknowledged.push({ n, box });
    this.#transmit(box);
    this.#armResend();
  }

  #written(next: Waiting): Pick<Numbered, 'kind' | 'body'> {
    if (next.kind === 'state') return { kind: 'state', body: this.#options.state() };
    if (next.kind === 'bye') return { kind: 'bye', body: {} };
    return next;
  }

  async #sealAck(): Promise<void> {
    const box = await this.#seal({ n: this.#sent, ack: this.#taken, kind: 'ack', body: {} });
    if (box !== undefined) this.#transmit(box);
  }

  async #seal(signal: Pick<Signal, 'n' | 'ack' | 'kind' | 'body'>): Promise<Bytes | undefined> {
    this.#isAckDue = false;
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    try {
      const box = await this.#options.seal(signal as Signal);
      return this.#isStopped ? undefined : box;
    } catch (error) {
      if (!this.#isStopped) this.#options.failed(error);
      return undefined;
    }
  }

  #transmit(box: Bytes): void {
    this.#options.send(box).catch((error: unknown) => {
      // Any other fault is a loss, and mended by sending again.
      if (isRelayError(error, 'seat_unknown') && !this.#isStopped) this.#options.gone();
    });
  }

  #armResend(): void {
    if (this.#cancelResend !== undefined || this.#isStopped || this.#unacknowledged.length === 0) return;
    this.#cancelResend = this.#options.after(this.#resendMs, () => {
      this.#cancelResend = undefined;
      this.#resendMs = Math.min(2 * this.#resendMs, MAX_RESEND_MS);
      for (const { box } of this.#unacknowledged) this.#transmit(box);
      this.#armResend();
    });
  }

  async #open(box: Uint8Array): Promise<void> {
    let signal: Signal;
    try {
      signal = await this.#options.open(box);
    } catch (error) {
      // The vault may be closed or its worker lost: that is no fault of the signal.
      if (isRelayError(error) && !this.#isStopped) this.#options.refused(error.code);
      return;
    }
    if (!this.#isStopped) this.#take(signal);
  }

  #take(signal: Signal): void {
    if (signal.ack > this.#sent) {
      this.#options.refused('signal_malformed');
      return;
    }
    this.#acknowledge(signal.ack);
    if (signal.kind === 'ack') return;
    if (signal.n !== this.#taken + 1 || (signal.n === 1 && signal.kind !== 'state')) {
      this.#options.refused('signal_order');
      this.#ackSoon();
      return;
    }
    this.#taken = signal.n;
    // Whoever says goodbye may be waiting to go.
    if (signal.kind === 'bye') this.#ackNow();
    else this.#ackSoon();
    this.#options.deliver(signal, signal.ack >= this.#fence);
  }

  #acknowledge(ack: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, ack);
    const open = this.#unacknowledged.filter(({ n }) => n > ack);
    if (open.length === this.#unacknowledged.length) return;
    this.#unacknowledged = open;
    this.#resendMs = RESEND_MS;
    this.#cancelResend?.();
    this.#cancelResend = undefined;
    this.#armResend();
    void this.#pump();
    if (open.length === 0) this.#heard?.resolve();
  }

  #ackSoon(): void {
    this.#cancelAck ??= this.#options.after(ACK_MS, () => this.#ackNow());
  }

  #ackNow(): void {
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    this.#isAckDue = true;
    void this.#pump();
  }
}
