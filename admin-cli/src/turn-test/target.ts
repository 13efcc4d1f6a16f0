import { randomBytes } from 'node:crypto';
import type { TurnClientOptions, TurnCredential, TurnServer, TurnTransport } from '../turn/index.ts';
import { restCredential, TurnClient } from '../turn/index.ts';

/** The server that is tested, and how. */
export interface TurnTarget {
  /** Host name or IP address, as members have it. */
  host: string;
  /** For UDP and TCP. */
  port: number;
  /** For TLS. */
  tlsPort: number;
  /** At least one; refusals are asked for over the first that answers. */
  transports: readonly TurnTransport[];
  /** Each secret that the server must take, and the one that credentials are made with now. */
  secrets: { minting: string; alive: readonly string[] };
  /** PEM of the authorities that are trusted for TLS instead of the system's. */
  ca?: string;
  /** Takes any certificate. */
  insecure?: boolean;
  /** How long a connection and each answer may take, in milliseconds; the client's own measure unless told. */
  answerMs?: number;
  /** Unix time in milliseconds; the machine's clock unless told. */
  now?: () => number;
}

const CREDENTIAL_SECONDS = 600;

/** Where a target is over a transport. */
export function serverOf(target: TurnTarget, transport: TurnTransport): TurnServer {
  const { host, port, tlsPort, ca, insecure = false } = target;
  return {
    host,
    port: transport === 'tls' ? tlsPort : port,
    transport,
    insecure,
    ...(ca === undefined ? {} : { ca }),
  };
}

/**
 * A credential for one client, under a pseudonym of its own.
 * @param secret the one that the relay would use unless told
 * @param seconds how long it is good; negative for one that expired
 */
export function credentialFor(
  target: TurnTarget,
  secret = target.secrets.minting,
  seconds = CREDENTIAL_SECONDS,
): TurnCredential {
  const now = target.now?.() ?? Date.now();
  return restCredential(secret, Math.floor(now / 1_000) + seconds, randomBytes(12).toString('base64url'));
}

/**
 * Does something with an open client, and closes it.
 * @param credential none asks without one
 */
export async function withClient<T>(
  target: TurnTarget,
  transport: TurnTransport,
  credential: TurnCredential | undefined,
  task: (client: TurnClient) => Promise<T>,
): Promise<T> {
  const options: TurnClientOptions = {
    server: serverOf(target, transport),
    ...(credential === undefined ? {} : { credential }),
    ...(target.answerMs === undefined ? {} : { answerMs: target.answerMs }),
  };
  const client = await TurnClient.open(options);
  try {
    return await task(client);
  } finally {
    await client.close();
  }
}
