/**
 * The link: keeps a session and a socket to the relay alive, and says how that goes. Sessions are renewed before they end; a lost
 * connection comes back with exponential backoff.
 */
import type { ErrorCode, MailboxEntry, SignalFrame } from '@relay/protocol';
import { isRelayError, RelayError } from '@relay/protocol';
import type { RelayHttp } from './http.ts';
import type { RoomTransport } from './rooms.ts';
import { Rooms } from './rooms.ts';
import type { RelaySocket } from './socket.ts';
import { connectSocket } from './socket.ts';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A connection that held for so long is sound: what ends it later is a first failure again. */
const SOUND_MS = LONGEST_RETRY_MS;
/** Part of a session's life after which it is renewed. */
const RENEW_AFTER = 0.75;

/** Faults that waiting does not mend: somebody has to act. */
const HOPELESS: readonly ErrorCode[] = [
  'unauthenticated',
  'origin_mismatch',
  'origin_refused',
  'protocol_unsupported',
];
/** Faults of a request that show that the whole relay is away. */
const AWAY: readonly ErrorCode[] = ['relay_unreachable', 'unavailable'];

/** How the link stands. */
export type LinkStatus =
  | { status: 'connecting' }
  | { status: 'online' }
  | { status: 'offline'; fault: RelayError; retryAt: number }
  | { status: 'refused'; fault: RelayError; retryAt: number };

/** What the link tells; nothing after {@link Link.stop}. */
export interface LinkEvents {
  status(status: LinkStatus): void;
  /** Connected anew, or announcements were missed: the mailbox must be listed. */
  resync(): void;
  blobs(entries: MailboxEntry[]): void;
}

/** Makes the proof for a nonce; the keys stay where they are. */
export type Prover = (
  origin: string,
  nonce: Uint8Array,
) => Promise<{ bundle: Uint8Array; signature: Uint8Array }>;

/** A standing connection to a relay. */
export class Link {
  readonly http: RelayHttp;
  readonly #rooms: Rooms;
  readonly #prove: Prover;
  readonly #events: LinkEvents;
  readonly #stopping = new AbortController();
  #token: Uint8Array | undefined;
  #opening: Promise<Uint8Array> | undefined;
  #socket: RelaySocket | undefined;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #sound: ReturnType<typeof setTimeout> | undefined;
  #connecting = false;

  constructor(http: RelayHttp, prove: Prover, events: LinkEvents) {
    this.http = http;
    this.#rooms = new Rooms(http.origin);
    this.#prove = prove;
    this.#events = events;
    // Only browsers tell; there a request that left by the old network may hang for long.
    globalThis.addEventListener?.('online', this.#networkChanged, { signal: this.#stopping.signal });
  }

  /** The rooms of calls. */
  get rooms(): RoomTransport {
    return this.#rooms;
  }

  /** Whether there is a connection, as far as is known. */
  get isOnline(): boolean {
    return this.#socket !== undefined;
  }

  /** Connects now, also when a retry was due later. */
  connect(): void {
    if (this.#stopped || this.#connecting || this.#socket !== undefined) return;
    clearTimeout(this.#retry);
    this.#connecting = true;
    this.#events.status({ status: 'connecting' });
    this.#connectOnce()
      .then(
        () => this.#connected(),
        (error: unknown) => this.#failed(error),
      )
      .finally(() => {
        this.#connecting = false;
      });
  }

  /** Ends the link for good, with every request under way. */
  stop(): void {
    this.#stopping.abort();
    this.http.close();
    for (const timer of [this.#retry, this.#renewal, this.#sound]) clearTimeout(timer);
    this.#rooms.set(undefined);
    this.#socket?.close();
    this.#socket = undefined;
    this.#token = undefined;
  }

  /**
   * Runs something that needs a session; once more with a new one when the relay says that the session has ended.
   * @throws RelayError
   */
  withSession<T>(use: (token: Uint8Array) => Promise<T>): Promise<T> {
    return this.watch(async () => {
      const token = this.#token ?? (await this.#openSession());
      try {
        return await use(token);
      } catch (error) {
        if (!isRelayError(error, 'unauthenticated')) throw error;
        if (this.#token === token) this.#token = undefined;
        return use(this.#token ?? (await this.#openSession()));
      }
    });
  }

  /**
   * Runs a request. A fault that shows that the relay is away ends the connection, which then is tried again until it is back: a
   * socket alone would not notice a relay that has lost its database.
   * @throws what the request throws
   */
  async watch<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (isRelayError(error) && AWAY.includes(error.code)) this.#lose(this.#socket, error);
      throw error;
    }
  }

  readonly #networkChanged = (): void => {
    this.http.interrupt();
    this.#lose(this.#socket, new RelayError('relay_unreachable'));
    this.connect();
  };

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #connectOnce(): Promise<void> {
    const token = await this.#openSession();
    const events = {
      blobs: (entries: MailboxEntry[]) => this.#events.blobs(entries),
      resync: () => this.#events.resync(),
      seat: (change: 'arrived' | 'left', own: string, seat: string) => this.#rooms.changed(change, own, seat),
      signal: (frame: SignalFrame) => this.#rooms.signalled(frame),
    };
    const socket = await connectSocket(this.http.origin, token, events, this.#stopping.signal);
    if (this.#stopped) {
      socket.close();
      throw new RelayError('session_ended');
    }
    this.#socket = socket;
    void socket.ended.then((fault) => this.#lose(socket, fault));
  }

  #connected(): void {
    // It may have ended again before this was told.
    if (this.#socket === undefined) return;
    clearTimeout(this.#sound);
    this.#sound = setTimeout(() => {
      this.#failures = 0;
    }, SOUND_MS);
    this.#rooms.set(this.#socket.rooms);
    this.#events.status({ status: 'online' });
    this.#events.resync();
  }

  /** One new session, however many ask for it at once. */
  #openSession(): Promise<Uint8Array> {
    this.#opening ??= this.#newSession().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #newSession(): Promise<Uint8Array> {
    if (this.#stopped) throw new RelayError('session_ended');
    const { nonce } = await this.http.challenge();
    const { token, expiresIn } = await this.http.openSession(
      nonce,
      await this.#prove(this.http.origin, nonce),
    );
    if (this.#stopped) throw new RelayError('session_ended');
    this.#token = token;
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => void this.#renew(), expiresIn * RENEW_AFTER * 1_000);
    return token;
  }

  async #renew(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined) return;
    try {
      await socket.renew(await this.#openSession());
    } catch (error) {
      this.#lose(socket, error);
    }
  }

  /** The connection over `socket` is over; nothing happens when it is not the current one. */
  #lose(socket: RelaySocket | undefined, error: unknown): void {
    if (socket === undefined || socket !== this.#socket) return;
    socket.close();
    this.#socket = undefined;
    this.#rooms.set(undefined);
    this.#failed(error);
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    this.#token = undefined;
    for (const timer of [this.#renewal, this.#sound]) clearTimeout(timer);
    const fault =
      error instanceof RelayError ? error : new RelayError('internal', undefined, { cause: error });
    const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    const status = HOPELESS.includes(fault.code) ? 'refused' : 'offline';
    const wait =
      status === 'refused'
        ? LONGEST_RETRY_MS
        : Math.max((fault.retryAfter ?? 0) * 1_000, ceiling * (0.5 + Math.random() / 2));
    this.#retry = setTimeout(() => this.connect(), wait);
    this.#events.status({ status, fault, retryAt: Date.now() + wait });
  }
}
