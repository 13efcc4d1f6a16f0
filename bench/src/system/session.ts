import { RelayHttp } from '@relay/client/headless';
import type { Identity } from '@relay/protocol';
import { proveSession } from '@relay/protocol';

/** The relay's HTTP interface with a session of a member. */
export interface Session {
  http: RelayHttp;
  token: Uint8Array;
}

/** Opens a session, by the client's own code. */
export async function openSession(url: string, identity: Identity): Promise<Session> {
  const http = new RelayHttp(url);
  const { nonce } = await http.challenge();
  const { token } = await http.openSession(nonce, await proveSession(identity, url, nonce));
  return { http, token };
}
