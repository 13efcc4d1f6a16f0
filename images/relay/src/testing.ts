/** A relay inside the calling process, for tests and measurements of other parts. */
import type { DestinationStream } from 'pino';
import { createLogger } from './log.ts';
import type { Relay, RelayConfig } from './relay.ts';
import { startRelay as start } from './relay.ts';
import type { Now } from './time.ts';

export { startWorker } from './worker/worker.ts';
export type { Relay };

/** How to start it: a database, and whatever differs from the usual. */
export interface TestRelayOptions extends Partial<RelayConfig> {
  databaseUrl: string;
  /** Where its log goes; nowhere when not given. */
  logTo?: DestinationStream;
  now?: Now;
}

/**
 * Starts a relay on a free port of 127.0.0.1, by the function that the relay's own process uses.
 * @param options the database must be migrated before it is used; it need not be seeded
 */
export function startRelay({ logTo, now, ...config }: TestRelayOptions): Promise<Relay> {
  const defaults = {
    port: 0,
    host: '127.0.0.1',
    webOrigins: ['http://localhost:5173'],
    publicUrls: undefined,
    mailboxMaxBlobs: 32_768,
    tokensPerMemberPerDay: 3_072,
    relayProcesses: 1,
    trustedProxies: [],
    // Tests come from one address and send as fast as they can. Those of the limits say so.
    addressRequestsPerMinute: 1_000_000,
    memberRequestsPerMinute: 1_000_000,
    mailboxBlobsPerMinute: 1_000_000,
    megabytesPerSecond: 10_000,
    socketsPerMember: 10_000,
    roomsPerMember: 10_000,
    signalsPerSecond: 200,
    turnCredentialsAtOnce: 20,
    turnSecretsFile: undefined,
    turnHost: undefined,
    turnPort: 3478,
    turnsPort: undefined,
    turnTtlSeconds: 3600,
  };
  const log = createLogger('relay', logTo ? 'info' : 'silent', logTo);
  return start({ ...defaults, ...config }, log, now);
}
