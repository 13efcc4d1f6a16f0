import { UserFault } from '../faults.ts';
import { readSmallText } from '../files/read-file.ts';
import type { TurnTransport } from '../turn/index.ts';
import type { TurnTarget } from '../turn-test/index.ts';
import { readAlive, unixNow } from './turn-secrets.ts';

const CA_LIMIT = 1_048_576;
const TLS_PORT = 5_349;

/** What a person says of the server to test. */
export interface TargetOptions {
  secretsFile: string | undefined;
  host: string | undefined;
  port: number;
  tlsPort: number | undefined;
  transports: readonly TurnTransport[] | undefined;
  caFile: string | undefined;
  insecure: boolean;
}

/**
 * The server to test, with the secrets that are alive.
 * @throws UserFault `usage` without a host; `turn_secrets`; RelayError `turn_unavailable` for a secrets file that is missing or
 * damaged; an error of the file system for `caFile`
 */
export async function readTarget(options: TargetOptions): Promise<TurnTarget> {
  const { secretsFile, host, port, tlsPort, caFile, insecure } = options;
  if (host === undefined || host === '') {
    throw new UserFault('usage', 'Set TURN_HOST, or name the server as members have it with --host.');
  }
  const ca = caFile === undefined ? {} : { ca: await readSmallText(caFile, CA_LIMIT) };
  const now = unixNow();
  const alive = await readAlive(secretsFile, now);
  const { mintingSecret } = await import('@relay/server/turn');
  const byDefault: TurnTransport[] = tlsPort === undefined ? ['udp', 'tcp'] : ['udp', 'tcp', 'tls'];
  return {
    // Settings write an IPv6 address as URLs do.
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port,
    tlsPort: tlsPort ?? TLS_PORT,
    transports: [...new Set(options.transports ?? byDefault)],
    secrets: { minting: mintingSecret(alive, now).secret, alive: alive.map(({ secret }) => secret) },
    insecure,
    ...ca,
  };
}
