import type { Bytes, MailboxEntry } from '@relay/protocol/wire';
import { b64, byePayload, decodeEntries, EVENTS, helloPayload } from '@relay/protocol/wire';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';

/** A connected socket that remembers what it was told. */
export interface TestSocket {
  raw: Socket;
  /** Payload of `hello`. */
  hello: { protocol: number[]; expiresIn: number };
  /** Every event in order of arrival, as `hello`, `blob`, `resync`, `bye session_ended`, `disconnect`. */
  events: string[];
  /** Entries of all `blob` events. */
  entries: MailboxEntry[];
  /** Sends an event; resolves to `ok` or the code of the error. */
  ask(event: string, ...payload: unknown[]): Promise<string>;
  close(): void;
}

/** How a socket may travel. */
export type Transports = ('websocket' | 'polling')[];

/**
 * Connects and waits for `hello`.
 * @throws Error whose message is the code with which the handshake was refused
 */
export function connectSocket(
  url: string,
  token: Bytes | undefined,
  origin?: string,
  transports: Transports = ['websocket'],
  headers: Readonly<Record<string, string>> = {},
): Promise<TestSocket> {
  const raw = io(url, {
    auth: token ? { token: b64(token) } : {},
    transports,
    forceNew: true,
    reconnection: false,
    extraHeaders: { ...headers, ...(origin && { Origin: origin }) },
  });
  const events: string[] = [];
  const entries: MailboxEntry[] = [];
  raw.on(EVENTS.resync, () => events.push('resync'));
  raw.on(EVENTS.bye, (payload: unknown) => events.push(`bye ${byePayload.parse(payload).code}`));
  raw.on(EVENTS.blob, (bytes: Uint8Array) => {
    events.push('blob');
    entries.push(...decodeEntries(new Uint8Array(bytes)));
  });
  raw.on('disconnect', () => events.push('disconnect'));
  return new Promise((resolve, reject) => {
    raw.on('connect_error', (error) => {
      raw.close();
      reject(new Error((error as { data?: { code?: string } }).data?.code ?? error.message));
    });
    raw.on(EVENTS.hello, (payload: unknown) => {
      events.push('hello');
      resolve({
        raw,
        hello: helloPayload.parse(payload),
        events,
        entries,
        ask: async (event, ...payloads) => {
          const answer = await raw.timeout(30_000).emitWithAck(event, ...payloads);
          return answer.ok ? 'ok' : answer.error.code;
        },
        close: () => raw.close(),
      });
    });
  });
}
