import type { TurnFault, TurnTransport } from '../turn/index.ts';
import { TurnError } from '../turn/index.ts';

const UNAUTHENTICATED = 401;
const QUOTA = 486;
const CAPACITY = 508;

/** What is thrown is either of the TURN client, or a fault of our own that is not to be taken for a finding. */
export function requireTurnError(error: unknown): TurnError {
  if (error instanceof TurnError) return error;
  throw error;
}

/** What to do about what kept a client from its allocation. */
export function adviceFor(error: TurnError, transport: TurnTransport, port: number): string {
  if (error.fault !== 'refused') return WAYS[error.fault](transport, port);
  if (error.code === UNAUTHENTICATED) {
    return 'Its secrets are not those of this file, or its clock is wrong: see that coturn runs and mounts the same file, and compare the clocks.';
  }
  if (error.code === QUOTA || error.code === CAPACITY) {
    return 'It is full: raise TURN_USER_QUOTA, TURN_TOTAL_QUOTA or the port range, or wait until calls end.';
  }
  return 'See the log of coturn (TURN_LOG=on).';
}

const WAYS: Record<Exclude<TurnFault, 'refused'>, (transport: TurnTransport, port: number) => string> = {
  unresolved: () => 'Check --host (TURN_HOST) and its DNS record.',
  unreachable: (transport, port) =>
    `Check that coturn runs, that ${port} is its port, and that the firewall lets in ${port}/${wire(transport)}.`,
  silent: (transport, port) =>
    `Check that coturn runs, that ${port} is its port, and that firewall and provider let in ${port}/${wire(transport)}.`,
  certificate: () =>
    'Check that the certificate is for the name in --host and has not expired; for an authority of your own, name it with --ca.',
  broken: (transport, port) =>
    `Something else may be listening on ${port}${transport === 'tls' ? ', or TLS is not on (TURNS_PORT and a certificate)' : ''}.`,
  closed: () => 'Run the test again.',
};

function wire(transport: TurnTransport): string {
  return transport === 'udp' ? 'udp' : 'tcp';
}
