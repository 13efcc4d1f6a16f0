import {
  b64,
  decodeSignalFrame,
  EVENTS,
  equalBytes,
  hex,
  isRelayError,
  joinPayload,
  RelayError,
  roomPayload,
  seatPayload,
  tokenPayload,
} from '@relay/protocol/wire';
import type { z } from 'zod';
import type { Faults } from '../faults.ts';
import type { Limits } from '../limits/limits.ts';
import type { RoomService } from '../rooms/service.ts';
import type { SessionService } from '../sessions/service.ts';
import type { Now } from '../time.ts';
import { bindSession, endSocket, secondsLeft } from './lifecycle.ts';
import type { RelaySocket } from './types.ts';

/** What the events need. */
export interface EventParts {
  sessions: Pick<SessionService, 'authenticate'>;
  rooms: RoomService;
  limits: Pick<Limits, 'accounts' | 'members' | 'sockets'>;
  faults: Faults;
  now: Now;
}

type Answer = Record<string, unknown>;

/** How an event is handled. What it comes to is acknowledged; of a function, what that returns when the answer leaves. */
interface Handler {
  handle(socket: RelaySocket, payload: unknown, parts: EventParts): Answer | Promise<Answer | (() => Answer)>;
  /**
   * The socket that stands is proof enough: a session that is revoked or runs out ends its sockets at once, and a call must go on while
   * the database is away. Other events prove the session anew.
   */
  bySocket?: true;
}

function parse<T>(schema: z.ZodType<T>, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) throw new RelayError('bad_request');
  return parsed.data;
}

/** Every event that a client can send; each takes one payload. */
export const clientEvents: Readonly<Record<string, Handler>> = {
  [EVENTS.renew]: {
    async handle(socket, payload, { sessions, now }) {
      const { token } = parse(tokenPayload, payload);
      const session = await sessions.authenticate(token);
      if (!equalBytes(session.keyHash, socket.data.session.keyHash)) throw new RelayError('unauthenticated');
      await bindSession(socket, token, session, now);
      // It may have been revoked before this socket stood in its room; then nothing else would end the socket.
      await sessions.authenticate(token).catch((thrown: unknown) => {
        if (isRelayError(thrown, 'unauthenticated')) endSocket(socket, 'session_ended');
        throw thrown;
      });
      return { expiresIn: secondsLeft(session, now) };
    },
  },
  [EVENTS.room]: {
    bySocket: true,
    handle(socket, payload, { rooms }) {
      parse(roomPayload, payload);
      return { nonce: b64(rooms.invite(socket.data.holder)) };
    },
  },
  [EVENTS.join]: {
    async handle({ data }, payload, { rooms }) {
      const take = await rooms.join(data.holder, data.session, parse(joinPayload, payload));
      // In one step with the answer, so that nobody's arrival is told before it.
      return () => ({ seats: take().map(b64) });
    },
  },
  [EVENTS.leave]: {
    bySocket: true,
    handle({ data }, payload, { rooms }) {
      rooms.leave(data.holder, parse(seatPayload, payload).seat);
      return {};
    },
  },
  [EVENTS.signal]: {
    bySocket: true,
    handle({ data }, payload, { rooms }) {
      if (!(payload instanceof Uint8Array)) throw new RelayError('bad_request');
      rooms.signal(data.holder, data.session, decodeSignalFrame(payload), payload);
      return {};
    },
  },
};

/**
 * Handles whatever a client sends: proves the session again where the event needs it, finds the handler, acknowledges. An unknown event and a
 * malformed one are acknowledged with `bad_request`.
 */
export async function handleEvent(
  socket: RelaySocket,
  event: unknown,
  args: readonly unknown[],
  parts: EventParts,
): Promise<void> {
  const last = args.at(-1);
  const acknowledge = typeof last === 'function' ? last : () => undefined;
  const payloads = typeof last === 'function' ? args.slice(0, -1) : args;
  const handler =
    typeof event === 'string' && Object.hasOwn(clientEvents, event) ? clientEvents[event] : undefined;
  try {
    // Nothing else is waited for before the handler: signals keep their order.
    if (!handler?.bySocket) {
      parts.limits.members.take(hex(socket.data.session.keyHash));
      await parts.sessions.authenticate(socket.data.token);
    }
  } catch (thrown) {
    acknowledge(asAcknowledgement(parts.faults(thrown)));
    if (isRelayError(thrown, 'unauthenticated')) endSocket(socket, 'session_ended');
    return;
  }
  try {
    if (!handler || payloads.length !== 1) throw new RelayError('bad_request');
    const answer = await handler.handle(socket, payloads[0], parts);
    acknowledge({ ok: true, ...(typeof answer === 'function' ? answer() : answer) });
  } catch (thrown) {
    acknowledge(asAcknowledgement(parts.faults(thrown)));
  }
}

/** What a client is told of an error on a socket, in place of a status and headers. */
export function bodyOf({ code, message, retryAfter }: RelayError) {
  return { code, message, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

function asAcknowledgement(error: RelayError) {
  return { error: bodyOf(error) };
}
