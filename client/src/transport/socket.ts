/** The relay's socket interface (SPEC.md §14). */
import type { ErrorCode, MailboxEntry, SignalFrame } from '@relay/protocol';
import {
  b64,
  byePayload,
  decodeEntries,
  decodeSignalFrame,
  ERROR_CODES,
  EVENTS,
  errorBody,
  helloPayload,
  hex,
  PROTOCOL_VERSION,
  RelayError,
  renewAck,
  seatChange,
} from '@relay/protocol';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type { Ask, SocketRooms } from './rooms.ts';
import { roomsOver, toldFault, understood } from './rooms.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const ACK_TIMEOUT_MS = 15_000;

/** What a socket tells. */
export interface SocketEvents {
  /** Blobs arrived in the own mailbox. */
  blobs(entries: MailboxEntry[]): void;
  /** Announcements may have been missed. */
  resync(): void;
  /** Somebody took or left a seat in the room where this socket sits on `own`; hexadecimal. */
  seat(change: 'arrived' | 'left', own: string, seat: string): void;
  /** A signal came. */
  signal(frame: SignalFrame): void;
}

/** A connected socket whose session the relay accepted. */
export interface RelaySocket {
  /** Resolves when the connection ends other than by {@link RelaySocket.close}. It does not come back by itself. */
  readonly ended: Promise<RelayError>;
  /**
   * Goes on under a newer session of the same key.
   * @throws RelayError the relay's refusal, `relay_protocol` or `relay_unreachable`
   */
  renew(token: Uint8Array): Promise<void>;
  /** The rooms of calls, over this socket. */
  readonly rooms: SocketRooms;
  close(): void;
}

function refusal(error: Error & { data?: unknown }): RelayError {
  const parsed = errorBody.safeParse(error.data);
  if (parsed.success) return toldFault(parsed.data);
  const code = ERROR_CODES.find((known) => known === error.message);
  return new RelayError(code ?? 'relay_unreachable', undefined, { cause: error });
}

function asBytes(payload: unknown): Uint8Array {
  if (payload instanceof ArrayBuffer) return new Uint8Array(payload);
  if (payload instanceof Uint8Array) return payload;
  throw new RelayError('relay_protocol');
}

/** A signal that cannot be read is none: whoever sent it sends it again. */
function readFrame(payload: unknown): SignalFrame | undefined {
  try {
    return decodeSignalFrame(asBytes(payload));
  } catch {
    return undefined;
  }
}

/** Hands events on, from the first packet; resolves when the connection ends. */
function listen(socket: Socket, events: SocketEvents): Promise<RelayError> {
  let farewell: ErrorCode | undefined;
  socket.on(EVENTS.blob, (payload: unknown) => {
    // A payload that cannot be read still says that something arrived.
    try {
      events.blobs(decodeEntries(asBytes(payload)));
    } catch {
      events.resync();
    }
  });
  socket.on(EVENTS.resync, () => events.resync());
  for (const change of ['arrived', 'left'] as const) {
    socket.on(EVENTS[change], (payload: unknown) => {
      const parsed = seatChange.safeParse(payload);
      if (parsed.success) events.seat(change, hex(parsed.data.own), hex(parsed.data.seat));
    });
  }
  socket.on(EVENTS.signal, (payload: unknown) => {
    const frame = readFrame(payload);
    if (frame !== undefined) events.signal(frame);
  });
  socket.on(EVENTS.bye, (payload: unknown) => {
    farewell = byePayload.safeParse(payload).data?.code;
  });
  return new Promise((resolve) => {
    socket.on('disconnect', () => resolve(new RelayError(farewell ?? 'relay_unreachable')));
  });
}

/** Waits for a `hello` that this client understands. */
async function greeting(socket: Socket, ended: Promise<RelayError>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(() => reject(new RelayError('relay_unreachable')), CONNECT_TIMEOUT_MS);
  const stop = () => reject(new RelayError('session_ended'));
  signal.addEventListener('abort', stop);
  socket.once('connect_error', (error) => reject(refusal(error)));
  void ended.then(reject);
  socket.once(EVENTS.hello, (payload: unknown) => {
    const hello = helloPayload.safeParse(payload);
    if (!hello.success) reject(new RelayError('relay_protocol'));
    else if (!hello.data.protocol.includes(PROTOCOL_VERSION)) reject(new RelayError('protocol_unsupported'));
    else resolve();
  });
  try {
    await promise;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Connects and waits for the relay's `hello`.
 * @param signal gives up while it connects
 * @throws RelayError the relay's refusal, `protocol_unsupported`, `relay_unreachable`, or `session_ended` when it was given up
 */
export async function connectSocket(
  origin: string,
  token: Uint8Array,
  events: SocketEvents,
  signal: AbortSignal,
): Promise<RelaySocket> {
  if (signal.aborted) throw new RelayError('session_ended');
  const socket = io(origin, {
    auth: { token: b64(token) },
    transports: ['websocket', 'polling'],
    reconnection: false,
    forceNew: true,
    timeout: CONNECT_TIMEOUT_MS,
  });
  const close = () => {
    socket.off();
    socket.close();
  };
  const ended = listen(socket, events);
  const ask: Ask = async (schema, event, payload) => {
    // An event of a closed socket would wait for a connection that never comes.
    if (!socket.connected) throw new RelayError('relay_unreachable');
    const answer: unknown = await socket
      .timeout(ACK_TIMEOUT_MS)
      .emitWithAck(event, payload)
      .catch((cause: unknown) => {
        throw new RelayError('relay_unreachable', undefined, { cause });
      });
    return understood(schema, answer);
  };
  try {
    await greeting(socket, ended, signal);
  } catch (error) {
    close();
    throw error;
  }
  return {
    ended,
    async renew(newToken) {
      await ask(renewAck, EVENTS.renew, { token: b64(newToken) });
    },
    rooms: roomsOver(ask),
    close,
  };
}
