import type { Bytes, turnAnswer } from '@relay/protocol/wire';
import { makeTurnCredential } from '@relay/protocol/wire';
import type { z } from 'zod';
import type { TurnSecrets } from './secrets.ts';
import { mintingSecret } from './secrets.ts';

/** Where members reach the TURN server, and how long a credential for it lives. */
export interface TurnServer {
  /** A host name, an IPv4 address, or an IPv6 address in brackets. */
  host: string;
  /** Port for UDP and TCP. */
  port: number;
  /** Port for TLS, where it has a certificate. */
  tlsPort: number | undefined;
  /** Life of a credential, in seconds. */
  ttl: number;
}

/** What a session is given. */
export type TurnCredentials = z.output<typeof turnAnswer>;

const MINUTE = 60;

/** The URLs of a TURN server, over UDP, TCP and, where there is a port for it, TLS. */
export function turnUrls({ host, port, tlsPort }: Pick<TurnServer, 'host' | 'port' | 'tlsPort'>): string[] {
  const plain = ['udp', 'tcp'].map((transport) => `turn:${host}:${port}?transport=${transport}`);
  return tlsPort === undefined ? plain : [...plain, `turns:${host}:${tlsPort}?transport=tcp`];
}

/**
 * Makes a session's credentials (SPEC.md §13.1). They end at a whole minute.
 * @param token of the session, 32 bytes
 * @param now milliseconds from the Unix epoch
 */
export async function mintCredentials(
  server: TurnServer,
  secrets: TurnSecrets,
  token: Bytes,
  now: number,
): Promise<TurnCredentials> {
  const { secret } = mintingSecret(secrets, Math.floor(now / 1000));
  const expiry = Math.ceil((now / 1000 + server.ttl) / MINUTE) * MINUTE;
  const named = await makeTurnCredential({ secret, token, expiry });
  return { urls: turnUrls(server), ...named, expiresIn: Math.floor(expiry - now / 1000) };
}
