/** Questions to the servers themselves, each with a limit of time. */
import { request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { ROUTES } from '@relay/protocol/wire';
import type { ApiFacts, CertificateFacts } from './facts.ts';

const PATIENCE_MS = 6_000;
const MS = 1_000;
const FORBIDDEN = 403;

/** Asks a relay whether it is ready; any certificate is taken, and told of. @param origin `https://relay.example.org` */
export function probeApi(origin: string): Promise<ApiFacts> {
  return ask(origin, ROUTES.ready, {});
}

/**
 * Whether a relay takes calls of a web page.
 * @returns undefined where it does not answer
 */
export async function probeWebOrigin(relay: string, origin: string): Promise<boolean | undefined> {
  const { status } = await ask(relay, ROUTES.health, { Origin: origin });
  return status === undefined ? undefined : status !== FORBIDDEN;
}

/**
 * The certificate that a TLS port shows.
 * @param name the one that is asked for
 * @returns undefined where it does not answer
 */
export function probeCertificate(
  host: string,
  port: number,
  name = host,
): Promise<CertificateFacts | undefined> {
  return new Promise((resolve) => {
    const servername = isIP(name) > 0 ? {} : { servername: name };
    const socket = connect(
      { host, port, rejectUnauthorized: false, timeout: PATIENCE_MS, ...servername },
      () => {
        resolve(certificateOf(socket));
        socket.destroy();
      },
    );
    socket
      .on('error', () => resolve(undefined))
      .on('timeout', () => socket.destroy())
      .on('close', () => resolve(undefined));
  });
}

function ask(origin: string, path: string, headers: Record<string, string>): Promise<ApiFacts> {
  const isTls = origin.startsWith('https:');
  return new Promise((resolve) => {
    let certificate: CertificateFacts | undefined;
    const none = (problem: string) =>
      resolve({ origin, status: undefined, problem, ...(certificate && { certificate }) });
    const options = { headers, timeout: PATIENCE_MS, agent: false, rejectUnauthorized: false } as const;
    const call = (isTls ? request : requestPlain)(`${origin}${path}`, options, (response) => {
      if (isTls) certificate = certificateOf(response.socket as TLSSocket);
      response.resume();
      resolve({ origin, status: response.statusCode, ...(certificate && { certificate }) });
    });
    call.on('timeout', () => call.destroy(new Error('it took too long')));
    call.on('error', (error: NodeJS.ErrnoException) => none(error.code ?? error.message));
    call.end();
  });
}

function certificateOf(socket: TLSSocket): CertificateFacts | undefined {
  const certificate = socket.getPeerCertificate();
  if (!certificate.valid_to) return undefined;
  return {
    validFrom: Math.floor(Date.parse(certificate.valid_from) / MS),
    validTo: Math.floor(Date.parse(certificate.valid_to) / MS),
    // Node's types say Error; it is a code.
    distrust: socket.authorized ? undefined : String(socket.authorizationError ?? 'unknown'),
  };
}
