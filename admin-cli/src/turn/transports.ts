import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TurnError } from './errors.ts';
import { StreamFrames } from './framing.ts';

/** How a client reaches the server; what the server relays is UDP in each case. */
export type TurnTransport = 'udp' | 'tcp' | 'tls';

/** Where the server is. */
export interface TurnServer {
  /** Host name or IP address. */
  host: string;
  port: number;
  transport: TurnTransport;
  /** PEM of the authorities that are trusted for `tls` instead of the system's. */
  ca?: string;
  /** Takes any certificate for `tls`: for a server whose certificate is checked elsewhere. */
  insecure?: boolean;
}

/** An open way to the server. */
export interface Link {
  /** Whether what is sent arrives without being sent again. */
  reliable: boolean;
  send(frame: Uint8Array): void;
  /** Ends it. Safe to call again. */
  close(): void;
}

/** Who is told what comes over a {@link Link}. */
export interface LinkEvents {
  /** One message or ChannelData. */
  onFrame(frame: Buffer): void;
  /** It ended, but not by `close`. */
  onLost(error: TurnError): void;
}

async function resolve(host: string): Promise<{ address: string; family: number }> {
  const family = isIP(host);
  if (family !== 0) return { address: host, family };
  try {
    return await lookup(host);
  } catch (cause) {
    throw new TurnError('unresolved', 'The name of the TURN server has no address.', { cause });
  }
}

function lost(cause?: unknown): TurnError {
  return new TurnError('broken', 'The connection to the TURN server broke off.', { cause });
}

async function openUdp(server: TurnServer, events: LinkEvents): Promise<Link> {
  const { address, family } = await resolve(server.host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  socket.connect(server.port, address);
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new TurnError('unreachable', 'There is no way to the TURN server over UDP.', { cause });
  }
  let open = true;
  socket.on('message', (frame) => events.onFrame(frame));
  // A closed port answers with ICMP, which arrives here and may be forged: the request runs into its own deadline instead.
  socket.on('error', () => {});
  return {
    reliable: false,
    send: (frame) => {
      if (open) socket.send(frame);
    },
    close: () => {
      if (open) socket.close();
      open = false;
    },
  };
}

async function opened(socket: Socket, event: string, answerMs: number): Promise<void> {
  try {
    await once(socket, event, { signal: AbortSignal.timeout(answerMs) });
  } catch (cause) {
    socket.on('error', () => {});
    socket.destroy();
    throw connectFault(cause);
  }
}

function connectFault(cause: unknown): TurnError {
  const { name, code = '' } = cause as NodeJS.ErrnoException;
  if (name === 'AbortError') return new TurnError('silent', 'The TURN server does not answer.', { cause });
  if (/^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return new TurnError('certificate', 'The certificate of the TURN server is not trusted.', { cause });
  }
  if (/^(ERR_SSL|EPROTO)/.test(code)) {
    return new TurnError('broken', 'The TURN server does not speak TLS on this port.', { cause });
  }
  return new TurnError('unreachable', 'The TURN server takes no connection on this port.', { cause });
}

async function openStream(server: TurnServer, events: LinkEvents, answerMs: number): Promise<Link> {
  const { address } = await resolve(server.host);
  const { host, port, transport, ca, insecure = false } = server;
  const socket =
    transport === 'tcp'
      ? connect({ host: address, port })
      : connectTls({
          host: address,
          port,
          rejectUnauthorized: !insecure,
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(ca === undefined ? {} : { ca }),
        });
  await opened(socket, transport === 'tcp' ? 'connect' : 'secureConnect', answerMs);
  socket.setNoDelay(true);
  const frames = new StreamFrames();
  let open = true;
  const end = (cause?: unknown) => {
    if (open) events.onLost(lost(cause));
    open = false;
    socket.destroy();
  };
  socket.on('data', (chunk: Buffer) => {
    const cut = frames.push(chunk);
    for (const frame of cut.frames) events.onFrame(frame);
    if (cut.broken) end();
  });
  socket.on('error', end);
  socket.on('close', () => end());
  return {
    reliable: true,
    send: (frame) => {
      if (open) socket.write(frame);
    },
    close: () => {
      open = false;
      socket.destroy();
    },
  };
}

/**
 * Opens a way to a TURN server.
 * @param answerMs how long a connection may take, in milliseconds
 * @throws TurnError `unresolved`, `unreachable`, `certificate`, `silent` or `broken`
 */
export async function openLink(server: TurnServer, events: LinkEvents, answerMs: number): Promise<Link> {
  return server.transport === 'udp' ? openUdp(server, events) : openStream(server, events, answerMs);
}
