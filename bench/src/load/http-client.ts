import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';

/** A client that adds as little of its own time as it can, over connections that stay open during a trial. */
export interface HttpClient {
  /**
   * Sends a binary body.
   * @returns the answer's body
   * @throws Error unless the answer is a success
   */
  post(path: string, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<Buffer>;
  /** As {@link HttpClient.post}, but only counts the bytes of the answer. */
  count(path: string, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<number>;
  /**
   * Closes the connections, after each trial: a server hangs up on one that was idle for some seconds, which may meet the next request.
   * That one opens new ones.
   */
  hangUp(): void;
}

/**
 * @param connections at most
 * @param from address of this machine that they come from, where it matters
 */
export function openHttpClient(origin: string, connections: number, from?: string): HttpClient {
  const localAddress = from === undefined ? {} : { localAddress: from };
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ...localAddress });

  function send<T>(
    path: string,
    body: Uint8Array,
    headers: Readonly<Record<string, string>>,
    read: (response: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const all = { 'Content-Type': 'application/octet-stream', 'Content-Length': body.length, ...headers };
      const sent = request(origin + path, { method: 'POST', agent, headers: all }, (response) => {
        read(response).then((result) => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve(result);
          else reject(new Error(`${path} answered ${statusCode}`));
        }, reject);
      });
      sent.on('error', reject).end(body);
    });
  }

  return {
    post: (path, body, headers = {}) => send(path, body, headers, readAll),
    count: (path, body, headers = {}) => send(path, body, headers, countAll),
    hangUp: () => agent.destroy(),
  };
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

function countAll(response: IncomingMessage): Promise<number> {
  return new Promise((resolve, reject) => {
    let length = 0;
    response.on('data', (piece: Buffer) => {
      length += piece.length;
    });
    response.on('end', () => resolve(length)).on('error', reject);
  });
}
