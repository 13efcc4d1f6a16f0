import { beginDraw } from '@relay/protocol';
import type { Bytes, Capability } from '@relay/protocol/wire';
import { b64, concat, EVENTS, encodeCapabilities, hex, ROUTES, randomBytes } from '@relay/protocol/wire';
import { roomRows } from './authorization-rooms.ts';
import type { Row } from './authorization-row.ts';
import { onlyMembers, onlySockets, outcomes, withSocket } from './authorization-row.ts';
import type { Caller, Stage } from './callers.ts';
import type { TestBlob } from './client.ts';
import { bearer, makeBlob, outcome, readFrames } from './client.ts';
import { logIn, prove } from './member.ts';

type Headers = Record<string, string>;

const fromPage = ({ origin }: Caller): Headers => (origin ? { Origin: origin } : {});
const withSession = (caller: Caller): Headers => ({
  ...fromPage(caller),
  ...(caller.token && bearer(caller.token)),
});
const withToken = (caller: Caller, token: Bytes | undefined): Headers => ({
  ...fromPage(caller),
  ...(token && { Authorization: `Relay-Token ${b64(token)}` }),
});
const withTicket = (caller: Caller, ticket: Bytes | undefined): Headers => ({
  ...fromPage(caller),
  ...(ticket && { Authorization: `Relay-Ticket ${b64(ticket)}` }),
});

function get(stage: Stage, path: string, headers: Headers): Promise<Response> {
  return fetch(stage.url + path, { headers });
}

function post(stage: Stage, path: string, headers: Headers, body: Bytes | string): Promise<Response> {
  const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
  return fetch(stage.url + path, { method: 'POST', headers: { ...headers, 'Content-Type': type }, body });
}

async function blobsOf(response: Response): Promise<string> {
  return response.ok ? `${(await readFrames(response)).length} blobs` : outcome(response);
}

async function deletedBy(response: Response): Promise<string> {
  return response.ok
    ? `${((await response.json()) as { deleted: number }).deleted} deleted`
    : outcome(response);
}

const toRead = ({ id, readSecret }: TestBlob): Capability => ({ id, secret: readSecret });
const toDelete = ({ id, deleteSecret }: TestBlob): Capability => ({ id, secret: deleteSecret });
const guessed = ({ id }: TestBlob): Capability => ({ id, secret: randomBytes(32) });

/** Rows of a capability route: the secret opens, and nothing else does. */
function capabilityRows(
  path: string,
  honest: (blob: TestBlob) => Capability,
  read: (response: Response) => Promise<string>,
  [opened, refused]: [string, string],
): Row[] {
  const row = (attempt: string, show: (blob: TestBlob) => Capability, result: string): Row => ({
    door: `POST ${path}`,
    attempt,
    act: async (stage, caller) => {
      const body = encodeCapabilities([show(await stage.addBlob())]);
      return read(await post(stage, path, withSession(caller), body));
    },
    outcome: outcomes(result),
  });
  return [row('with the secret', honest, opened), row('with a guessed secret', guessed, refused)];
}

/** The authorization table. */
export const table: Row[] = [
  {
    door: `GET ${ROUTES.health}`,
    attempt: 'ask',
    act: async (stage, caller) => outcome(await get(stage, ROUTES.health, withSession(caller))),
    outcome: outcomes('204'),
  },
  {
    door: `GET ${ROUTES.ready}`,
    attempt: 'ask',
    act: async (stage, caller) => outcome(await get(stage, ROUTES.ready, withSession(caller))),
    outcome: outcomes('204'),
  },
  {
    door: `POST ${ROUTES.challenge}`,
    attempt: 'ask for a nonce',
    act: async (stage, caller) => outcome(await post(stage, ROUTES.challenge, withSession(caller), '')),
    outcome: outcomes('200'),
  },
  {
    door: `POST ${ROUTES.sessions}`,
    attempt: 'prove the own key for the own circle',
    act: async (stage, caller) =>
      outcome(await prove(stage.url, caller.circle, caller.member, { headers: fromPage(caller) })),
    outcome: { ...onlyMembers('200'), 'expired session': '200' },
  },
  {
    door: `GET ${ROUTES.tokenKeys}`,
    attempt: 'ask',
    act: async (stage, caller) => outcome(await get(stage, ROUTES.tokenKeys, withSession(caller))),
    outcome: outcomes('200'),
  },
  {
    door: `POST ${ROUTES.tokens}`,
    attempt: 'draw a batch',
    act: async (stage, caller) =>
      outcome(await post(stage, ROUTES.tokens, withSession(caller), beginDraw().request)),
    outcome: onlyMembers('200'),
  },
  {
    // A session is no token: who is asked for one tells nobody anything, of whatever mailbox.
    door: `POST ${ROUTES.tickets}`,
    attempt: 'buy a ticket for the owner with what a session shows',
    act: async (stage, caller) => {
      const body = JSON.stringify({ recipient: b64(stage.owner.keyHash) });
      return outcome(await post(stage, ROUTES.tickets, withSession(caller), body));
    },
    outcome: outcomes('401 token_invalid'),
  },
  {
    // Those of a revoked member are void, and so are those that anybody drew before.
    door: `POST ${ROUTES.tickets}`,
    attempt: 'buy a ticket for the owner with a token of its own',
    act: async (stage, caller) => {
      const body = JSON.stringify({ recipient: b64(stage.owner.keyHash) });
      return outcome(await post(stage, ROUTES.tickets, withToken(caller, caller.blindToken), body));
    },
    outcome: {
      ...outcomes('401 token_invalid'),
      owner: '200',
      'another member': '200',
      'expired session': '200',
    },
  },
  {
    door: `POST ${ROUTES.tickets}`,
    attempt: 'buy a ticket for a key that is not allowed',
    act: async (stage, caller) => {
      const body = JSON.stringify({ recipient: b64(randomBytes(32)) });
      return outcome(await post(stage, ROUTES.tickets, withToken(caller, caller.otherToken), body));
    },
    outcome: {
      ...outcomes('401 token_invalid'),
      owner: '404 recipient_unknown',
      'another member': '404 recipient_unknown',
      'expired session': '404 recipient_unknown',
    },
  },
  {
    // A ticket names no buyer, so it outlives its buyer's session and membership, for its few minutes.
    door: `POST ${ROUTES.blobs}`,
    attempt: 'upload with the ticket bought for the owner',
    act: async (stage, caller) =>
      outcome(await post(stage, ROUTES.blobs, withTicket(caller, caller.ticket), (await makeBlob()).frame)),
    outcome: outcomes('204', { nobody: '401 ticket_invalid', 'other circle': '401 ticket_invalid' }),
  },
  {
    door: `POST ${ROUTES.blobs}`,
    attempt: 'upload into the own mailbox',
    act: async (stage, caller) =>
      outcome(
        await post(stage, ROUTES.blobs, withTicket(caller, caller.ticketToSelf), (await makeBlob()).frame),
      ),
    outcome: outcomes('401 ticket_invalid', {
      owner: '204',
      'another member': '204',
      'expired session': '204',
    }),
  },
  ...capabilityRows(ROUTES.blobsRead, toRead, blobsOf, ['1 blobs', '0 blobs']),
  ...capabilityRows(ROUTES.blobsDelete, toDelete, deletedBy, ['1 deleted', '0 deleted']),
  {
    door: `GET ${ROUTES.mailbox}`,
    attempt: 'find the blob of the owner in the list',
    act: async (stage, caller) => {
      const { id } = await stage.addBlob();
      const response = await get(stage, ROUTES.mailbox, withSession(caller));
      if (!response.ok) return outcome(response);
      return hex(new Uint8Array(await response.arrayBuffer())).includes(hex(id)) ? 'listed' : 'not listed';
    },
    outcome: onlyMembers('listed', 'not listed'),
  },
  {
    door: `POST ${ROUTES.mailboxFetch}`,
    attempt: 'fetch a blob of the owner',
    act: async (stage, caller) =>
      blobsOf(await post(stage, ROUTES.mailboxFetch, withSession(caller), (await stage.addBlob()).id)),
    outcome: onlyMembers('1 blobs', '0 blobs'),
  },
  {
    door: `POST ${ROUTES.mailboxDelete}`,
    attempt: 'delete a blob of the owner and one that is not there',
    act: async (stage, caller) => {
      const body = concat((await stage.addBlob()).id, randomBytes(16));
      return deletedBy(await post(stage, ROUTES.mailboxDelete, withSession(caller), body));
    },
    outcome: onlyMembers('1 deleted', '0 deleted'),
  },
  {
    door: `POST ${ROUTES.mailboxEmpty}`,
    attempt: 'empty the own mailbox, and so not that of the owner',
    act: async (stage, caller) => {
      const blob = await stage.addBlob();
      const response = await post(stage, ROUTES.mailboxEmpty, withSession(caller), '');
      if (!response.ok) return outcome(response);
      const left = encodeCapabilities([toRead(blob)]);
      return `${await blobsOf(await post(stage, ROUTES.blobsRead, {}, left))} left`;
    },
    outcome: onlyMembers('0 blobs left', '1 blobs left'),
  },
  {
    door: `GET ${ROUTES.rosterUpdate}`,
    attempt: 'ask',
    act: async (stage, caller) => outcome(await get(stage, ROUTES.rosterUpdate, withSession(caller))),
    outcome: onlyMembers('204'),
  },
  {
    door: `POST ${ROUTES.turn}`,
    attempt: 'ask for credentials',
    act: async (stage, caller) => outcome(await post(stage, ROUTES.turn, withSession(caller), '')),
    outcome: onlyMembers('200'),
  },
  {
    door: 'socket connection',
    attempt: 'connect',
    act: (stage, caller) => withSocket(stage, caller, async () => 'connected'),
    outcome: onlySockets('connected'),
  },
  {
    door: `socket ${EVENTS.renew}`,
    attempt: 'renew with a new session of the own key',
    act: (stage, caller) =>
      withSocket(stage, caller, async ({ ask }) => {
        const token = await logIn(stage.url, caller.circle, caller.member);
        return ask(EVENTS.renew, { token: b64(token) });
      }),
    outcome: onlySockets('ok'),
  },
  {
    door: `socket ${EVENTS.renew}`,
    attempt: 'renew with a session of a third member',
    act: (stage, caller) =>
      withSocket(stage, caller, ({ ask }) => ask(EVENTS.renew, { token: b64(stage.thirdToken) })),
    outcome: onlySockets('unauthenticated'),
  },
  {
    door: `socket ${EVENTS.renew}`,
    attempt: 'renew with a session that is over',
    act: (stage, caller) =>
      withSocket(stage, caller, ({ ask }) => {
        const token = stage.callers['expired session'].token as Bytes;
        return ask(EVENTS.renew, { token: b64(token) });
      }),
    outcome: onlySockets('unauthenticated'),
  },
  ...roomRows,
  {
    // The last row: it ends the sessions that the others use.
    door: `POST ${ROUTES.sessionsEnd}`,
    attempt: 'end the own sessions, and so no one else’s',
    act: async (stage, caller) => {
      const response = await post(stage, ROUTES.sessionsEnd, withSession(caller), '');
      if (!response.ok) return outcome(response);
      const own = await outcome(await get(stage, ROUTES.mailbox, withSession(caller)));
      const third = await outcome(await get(stage, ROUTES.mailbox, bearer(stage.thirdToken)));
      return `own: ${own}, a third member’s: ${third}`;
    },
    outcome: onlyMembers('own: 401 unauthenticated, a third member’s: 200'),
  },
];
