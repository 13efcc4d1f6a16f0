import type { Server as HttpServer } from 'node:http';
import type { RelayError } from '@relay/protocol/wire';
import { encodeEntries, hex, isRelayError, PROTOCOL_VERSIONS, tokenPayload } from '@relay/protocol/wire';
import { Server } from 'socket.io';
import type { Arrival } from '../blobs/service.ts';
import { checkOrigin } from '../http/origin.ts';
import { createRefusals } from '../http/refusals.ts';
import type { Limits } from '../limits/limits.ts';
import { memberPayer, workFor } from '../limits/payer.ts';
import { holderOf } from '../rooms/holder.ts';
import { proveSession } from '../sessions/proof.ts';
import type { EventParts } from './events.ts';
import { bodyOf, handleEvent } from './events.ts';
import { createHandshakes } from './handshakes.ts';
import { bindSession, endSocket, GREETED, mailboxRoom, secondsLeft, sessionRoom } from './lifecycle.ts';
import { paceReading } from './pacing.ts';
import type { RelaySocket, RelaySockets } from './types.ts';

/** The socket interface, as the rest of the relay sees it. */
export interface Gateway {
  /** Tells owners of blobs that arrived, where they are connected to this process. */
  announce(arrivals: readonly Arrival[]): void;
  /** Ends the sockets of a session; `tokenHash` is hexadecimal. */
  endSession(tokenHash: string): void;
  /** Announcements may have been missed: tells every socket. */
  resync(): void;
  /** Ends of sessions may have been missed: looks every session up again. */
  recheck(): Promise<void>;
  /** Says goodbye to every socket. */
  close(): void;
}

/** What the gateway needs. */
export interface GatewayParts extends EventParts {
  limits: EventParts['limits'] & Pick<Limits, 'addressOf' | 'handshakes' | 'packets'>;
  /** Origins of web pages that may connect. */
  webOrigins: readonly string[];
}

/** The longest signal by long polling, where it is base64 and one character more (65,625), and some to spare. */
const MAX_MESSAGE_BYTES = 73_728;
/** A connection that shows no token for so long is closed. */
const CONNECT_MS = 10_000;

/** Opens the socket interface (SPEC.md §14) on a server. */
export function openGateway(server: HttpServer, parts: GatewayParts): Gateway {
  const { sessions, rooms, limits, faults, now, webOrigins } = parts;
  const refusals = createRefusals();
  const handshakes = createHandshakes({ addressOf: limits.addressOf, ...limits.handshakes });
  const io: RelaySockets = new Server(server, {
    // Asked of every request; those of a connection that stands name it.
    allowRequest: (request, decide) => {
      const may = /[?&]sid=/.test(request.url ?? '') ? 'yes' : handshakes.mayBegin(request);
      if (may === 'yes') decide(undefined, true);
      else refusals.hold(request.socket, () => decide('rate_limited', may === 'told'));
    },
    serveClient: false,
    cors: { origin: [...webOrigins] },
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: CONNECT_MS,
    httpCompression: false,
  });

  io.use((socket, next) => {
    admit(socket).then(
      () => next(),
      (thrown: unknown) => next(asHandshakeError(faults(thrown))),
    );
  });

  async function admit(socket: RelaySocket): Promise<void> {
    checkOrigin(socket.handshake.headers.origin, webOrigins);
    socket.data.token = tokenPayload.safeParse(socket.handshake.auth).data?.token;
    handshakes.check(socket.request);
    const account = limits.accounts(socket.request, socket.data.token);
    try {
      socket.data.session = await workFor(account, () => proveSession(account, sessions, socket.data.token));
    } finally {
      account.close();
    }
    handshakes.end(socket.request);
    const { keyHash } = socket.data.session;
    const release = limits.sockets.take(keyHash);
    const member = hex(keyHash);
    paceReading(socket.conn, (pieces) => limits.packets.owe(member, pieces));
    // It may go before it is connected; then nothing else tells.
    socket.conn.once('close', release);
    if (socket.conn.readyState !== 'open') release();
  }

  io.on('connection', (socket) => {
    socket.data.holder = holderOf(socket);
    socket.onAny((event: unknown, ...args: unknown[]) => {
      const payer = { payer: memberPayer(socket.data.session.keyHash) };
      void workFor(payer, () => handleEvent(socket, event, args, parts));
    });
    socket.on('disconnect', () => {
      clearTimeout(socket.data.timer);
      rooms.leaveAll(socket.data.holder);
    });
    const payer = { payer: memberPayer(socket.data.session.keyHash) };
    workFor(payer, () => greet(socket)).catch((thrown: unknown) => {
      endSocket(socket, isRelayError(thrown, 'unauthenticated') ? 'session_ended' : 'unavailable');
      faults(thrown);
    });
  });

  async function greet(socket: RelaySocket): Promise<void> {
    const { token, session } = socket.data;
    await bindSession(socket, token, session, now);
    // It may have been revoked before this socket stood in its room.
    await sessions.authenticate(token);
    // Nothing comes before hello, and no arrival is missed after it.
    socket.emit('hello', { protocol: PROTOCOL_VERSIONS, expiresIn: secondsLeft(session, now) });
    await socket.join([GREETED, mailboxRoom(session.keyHash)]);
  }

  const all = () => [...io.of('/').sockets.values()];
  return {
    announce(arrivals) {
      const byMailbox = Map.groupBy(arrivals, ({ mailbox }) => mailboxRoom(mailbox));
      for (const [room, entries] of byMailbox)
        io.to(room).emit('blob', Buffer.from(encodeEntries(entries).buffer));
    },
    endSession(tokenHash) {
      for (const id of io.of('/').adapter.rooms.get(sessionRoom(tokenHash)) ?? []) {
        const socket = io.of('/').sockets.get(id);
        if (socket) endSocket(socket, 'session_ended');
      }
    },
    resync() {
      io.to(GREETED).emit('resync');
    },
    async recheck() {
      for (const socket of all()) {
        await sessions.authenticate(socket.data.token).catch((thrown: unknown) => {
          if (isRelayError(thrown, 'unauthenticated')) endSocket(socket, 'session_ended');
        });
      }
    },
    close() {
      for (const socket of all()) endSocket(socket, 'unavailable');
      io.engine.close();
      refusals.close();
    },
  };
}

function asHandshakeError(error: RelayError): Error {
  return Object.assign(new Error(error.code), { data: bodyOf(error) });
}
