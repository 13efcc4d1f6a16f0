import { createHmac } from 'node:crypto';

/** A name and password as `RTCIceServer` has them. */
export interface TurnCredential {
  username: string;
  credential: string;
}

/**
 * A credential in TURN's REST form: the server that knows the secret can check it without a list of users.
 * @param secret as the server has it; its characters are the key
 * @param expires seconds of Unix time
 * @param pseudonym whose allocations count together; no colon
 */
export function restCredential(secret: string, expires: number, pseudonym: string): TurnCredential {
  const username = `${expires}:${pseudonym}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
