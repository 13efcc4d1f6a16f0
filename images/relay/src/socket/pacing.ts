import { SIGNAL_UNIT_BYTES } from '@relay/protocol/wire';
import type { RelaySocket } from './types.ts';

type Connection = RelaySocket['conn'];

/** Longer is nothing left unread: signs of life are among it. Milliseconds. */
const LONGEST_MS = 5_000;

/** What `ws` has, and a connection by long polling has not. */
interface Pausable {
  pause(): void;
  resume(): void;
}

function webSocketOf({ transport }: Connection): Pausable | undefined {
  return 'socket' in transport ? (transport.socket as Pausable) : undefined;
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return data instanceof Uint8Array ? data.length : 0;
}

/**
 * Reads a connection no faster than its member may send: what comes too fast stays in the network, where its sender has to wait for it, and costs nobody
 * else anything. One by long polling cannot be left unread, and ends where it owes too much.
 * @param owe takes so many pieces of 4 KiB, one for each packet at least; returns the milliseconds until they would have been there
 */
export function paceReading(connection: Connection, owe: (pieces: number) => number): void {
  let isResting = false;
  connection.on('packet', ({ data }: { data?: unknown }) => {
    const ms = owe(Math.max(1, Math.ceil(sizeOf(data) / SIGNAL_UNIT_BYTES)));
    if (ms === 0 || isResting) return;
    const webSocket = webSocketOf(connection);
    if (webSocket === undefined) {
      if (ms > LONGEST_MS) connection.close();
      return;
    }
    isResting = true;
    webSocket.pause();
    setTimeout(
      () => {
        isResting = false;
        webSocket.resume();
      },
      Math.min(ms, LONGEST_MS),
    ).unref();
  });
}
