import type { Caller, CallerKind, Stage } from './callers.ts';
import type { TestSocket } from './socket.ts';
import { connectSocket } from './socket.ts';

/** What one route or event does for each kind of caller. */
export interface Row {
  /** As `POST /v1/blobs` or `socket renew`. */
  door: string;
  /** What is tried there. */
  attempt: string;
  /** Tries it; resolves to what came of it. */
  act(stage: Stage, caller: Caller): Promise<string>;
  /** What has to come of it. */
  outcome: Record<CallerKind, string>;
}

/** The outcomes of a row: the usual one, and those that differ. */
export function outcomes(
  usual: string,
  others: Partial<Record<CallerKind, string>> = {},
): Record<CallerKind, string> {
  return {
    nobody: usual,
    owner: usual,
    'another member': usual,
    'expired session': usual,
    'revoked member': usual,
    'other circle': usual,
    // A foreign web page gets nowhere, whatever it has in hand.
    'wrong origin': '403 origin_refused',
    ...others,
  };
}

/** Those whose session stands get these outcomes, the others none. */
export const onlyMembers = (owner: string, another = owner) =>
  outcomes('401 unauthenticated', { owner, 'another member': another });

/** {@link onlyMembers} over the socket. */
export const onlySockets = (result: string) =>
  outcomes('unauthenticated', { owner: result, 'another member': result, 'wrong origin': 'origin_refused' });

/** Tries something with a socket; resolves to the code of the refusal when it does not even connect. */
export async function withSocket(
  stage: Stage,
  caller: Caller,
  use: (socket: TestSocket) => Promise<string>,
): Promise<string> {
  try {
    const socket = await connectSocket(stage.url, caller.token, caller.origin);
    return await use(socket).finally(socket.close);
  } catch (error) {
    return (error as Error).message;
  }
}
