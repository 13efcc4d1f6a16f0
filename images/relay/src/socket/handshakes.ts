import type { IncomingMessage } from 'node:http';
import type { RelayError } from '@relay/protocol/wire';
import { isRelayError } from '@relay/protocol/wire';
import type { AddressOf } from '../limits/address.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Shares } from '../limits/shares.ts';

/** Connections that have not shown a session yet. */
export interface Handshakes {
  /**
   * Whether a connection may begin: an address has a bound to those that show nothing, and to how fast it makes new ones.
   * @returns `told` for one that may begin after a while, to be told that it may not
   */
  mayBegin(request: IncomingMessage): 'yes' | 'told' | 'no';
  /**
   * A connection that began shows a session, or none.
   * @throws RelayError `rate_limited` for one that began only to be told so
   */
  check(request: IncomingMessage): void;
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
  /** Those over either bound that begin nevertheless, to be told so. */
  told: Shares;
}

const EVERYBODY = '';

/** Makes it. */
export function createHandshakes({ addressOf, rate, open, told }: HandshakeParts): Handshakes {
  const begun = new WeakMap<IncomingMessage, () => void>();
  const refused = new WeakMap<IncomingMessage, RelayError>();

  /** Engine.IO has no words for a browser, and Socket.IO has only for a connection that stands. */
  function tell(request: IncomingMessage, fault: RelayError): boolean {
    try {
      begun.set(request, told.take(EVERYBODY));
    } catch (thrown) {
      if (isRelayError(thrown, 'rate_limited')) return false;
      throw thrown;
    }
    refused.set(request, fault);
    return true;
  }

  return {
    mayBegin(request) {
      const address = addressOf(request);
      try {
        rate.take(address);
        begun.set(request, open.take(address));
      } catch (thrown) {
        if (!isRelayError(thrown, 'rate_limited')) throw thrown;
        if (!tell(request, thrown)) return 'no';
      }
      request.socket.once('close', () => begun.get(request)?.());
      return refused.has(request) ? 'told' : 'yes';
    },
    check(request) {
      const fault = refused.get(request);
      if (fault !== undefined) throw fault;
    },
    end: (request) => begun.get(request)?.(),
  };
}
