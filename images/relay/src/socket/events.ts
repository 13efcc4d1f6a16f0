import { EVENTS, equalBytes, isRelayError, RelayError, tokenPayload } from '@relay/protocol/wire';
import type { Faults } from '../faults.ts';
import type { SessionService } from '../sessions/service.ts';
import type { Now } from '../time.ts';
import { bindSession, endSocket, secondsLeft } from './lifecycle.ts';
import type { RelaySocket } from './types.ts';

/** What the events need. */
export interface EventParts {
  sessions: Pick<SessionService, 'authenticate'>;
  faults: Faults;
  now: Now;
}

type Handler = (socket: RelaySocket, payload: unknown, parts: EventParts) => Promise<Record<string, unknown>>;

/** Every event that a client can send; each takes one payload, and what it resolves to is acknowledged. */
export const clientEvents: Readonly<Record<string, Handler>> = {
  [EVENTS.renew]: async (socket, payload, { sessions, now }) => {
    const parsed = tokenPayload.safeParse(payload);
    if (!parsed.success) throw new RelayError('bad_request');
    const { token } = parsed.data;
    const session = await sessions.authenticate(token);
    if (!equalBytes(session.keyHash, socket.data.session.keyHash)) throw new RelayError('unauthenticated');
    await bindSession(socket, token, session, now);
    // It may have been revoked before this socket stood in its room.
    await sessions.authenticate(token);
    return { expiresIn: secondsLeft(session, now) };
  },
};

/**
 * Handles whatever a client sends: proves the session again, finds the handler, acknowledges. An unknown event and a malformed one
 * are acknowledged with `bad_request`.
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
  try {
    await parts.sessions.authenticate(socket.data.token);
  } catch (thrown) {
    acknowledge(asAcknowledgement(parts.faults(thrown)));
    if (isRelayError(thrown, 'unauthenticated')) endSocket(socket, 'session_ended');
    return;
  }
  try {
    const handler =
      typeof event === 'string' && Object.hasOwn(clientEvents, event) ? clientEvents[event] : undefined;
    if (!handler || payloads.length !== 1) throw new RelayError('bad_request');
    acknowledge({ ok: true, ...(await handler(socket, payloads[0], parts)) });
  } catch (thrown) {
    acknowledge(asAcknowledgement(parts.faults(thrown)));
  }
}

function asAcknowledgement({ code, message }: RelayError) {
  return { error: { code, message } };
}
