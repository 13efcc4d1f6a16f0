/** Credentials for the circle's TURN server (SPEC.md §13.1). Neither half of the wire needs Node or a secret of a member for them. */
import { asBytes, b64, utf8 } from './bytes.ts';

/** What is signed for one session, and what a TURN server takes. */
export interface TurnClaim {
  /** What relay and TURN server share: 64 hexadecimal digits, used as ASCII text. */
  secret: string;
  /** The token of the session, 32 bytes. */
  token: Uint8Array;
  /** When the credential ends, in seconds from the Unix epoch. */
  expiry: number;
}

/** A name and password for a TURN server, in coturn's REST form. */
export interface TurnCredential {
  /** `<expiry>:<pseudonym>` */
  username: string;
  /** base64, with padding */
  credential: string;
}

/** Bytes of a pseudonym before encoding. */
const PSEUDONYM_BYTES = 12;

/**
 * Makes the credential of a session. Its pseudonym is the same whenever that session asks, and cannot be made from the hash of the token,
 * which is all that the relay stores.
 */
export async function makeTurnCredential({ secret, token, expiry }: TurnClaim): Promise<TurnCredential> {
  const pseudonym = await hmac('SHA-256', token, 'relay/1 turn pseudonym');
  const username = `${expiry}:${b64(pseudonym.subarray(0, PSEUDONYM_BYTES))}`;
  const password = await hmac('SHA-1', utf8(secret), username);
  return { username, credential: btoa(String.fromCharCode(...password)) };
}

async function hmac(hash: 'SHA-1' | 'SHA-256', key: Uint8Array, message: string): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', asBytes(key), { name: 'HMAC', hash }, false, [
    'sign',
  ]);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, utf8(message)));
}
