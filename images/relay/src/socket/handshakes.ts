import type { IncomingMessage } from 'node:http';
import { isRelayError } from '@relay/protocol/wire';
import type { AddressOf } from '../limits/address.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Shares } from '../limits/shares.ts';

/** Connections that have not shown a session yet. */
export interface Handshakes {
  /** Whether a connection may begin: an address has a bound to those that show nothing, and to how fast it makes new ones. */
  mayBegin(request: IncomingMessage): boolean;
  /** It has shown a session, or is gone. Calling it again changes nothing. */
  end(request: IncomingMessage): void;
}

/** What the handshakes need. */
export interface HandshakeParts {
  addressOf: AddressOf;
  /** Handshakes of each address. */
  rate: Limiter;
  /** Those of each address that have shown nothing yet. */
  open: Shares;
}

/** Makes it. */
export function createHandshakes({ addressOf, rate, open }: HandshakeParts): Handshakes {
  const begun = new WeakMap<IncomingMessage, () => void>();
  return {
    mayBegin(request) {
      const address = addressOf(request);
      try {
        rate.take(address);
        begun.set(request, open.take(address));
      } catch (thrown) {
        if (isRelayError(thrown, 'rate_limited')) return false;
        throw thrown;
      }
      request.socket.once('close', () => begun.get(request)?.());
      return true;
    },
    end: (request) => begun.get(request)?.(),
  };
}
