/** What each route waits for. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { b64, ROUTES, randomBytes, SESSION_SCHEME, TICKET_SCHEME } from '@relay/protocol/wire';
import { expect, onTestFinished, test } from 'vitest';
import type { AppParts } from '../src/http/app.ts';
import { createApp } from '../src/http/app.ts';
import type { Account } from '../src/limits/accounts.ts';
import { makeBlob } from './support/client.ts';

/** The whole interface over services that do nothing; `did` is told of turns, and of what was asked of a service. */
async function serve(did: string[], turn: Account['turn']): Promise<string> {
  const account: Account = {
    payer: 'one',
    recall: () => undefined,
    chargeMember: () => undefined,
    disown: () => undefined,
    waive: () => undefined,
    chargeMore: () => undefined,
    turn,
    pace: async () => undefined,
    close: () => undefined,
  };
  const service = (name: string) =>
    new Proxy({}, { get: (_, method) => async () => void did.push(`${name} ${String(method)}`) });
  const session = { keyHash: randomBytes(32), tokenHash: randomBytes(32), endsAt: 0 };
  const parts = {
    ...Object.fromEntries(
      ['tokens', 'tickets', 'blobs', 'mailbox', 'roster', 'turn'].map((name) => [name, service(name)]),
    ),
    sessions: { authenticate: async () => session, challenge: async () => randomBytes(32) },
    accounts: () => account,
    refusals: { hold: (_: unknown, answer: () => void) => answer(), close: () => undefined },
    webOrigins: [],
    checkReady: async () => undefined,
    isStopping: () => false,
    faults: (error: unknown) => error,
  };
  const server = createServer(createApp(parts as unknown as AppParts)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (path: string, body?: Uint8Array<ArrayBuffer>) => ({ path, init: { method: 'POST', body } });
const bytes = (length: number) => new Uint8Array(length);

test.each([
  ['a challenge', post(ROUTES.challenge), [1]],
  ['a list of a mailbox', { path: ROUTES.mailbox, init: {} }, [1, 3, 'mailbox list']],
  ['a batch of tokens', post(ROUTES.tokens, bytes(2_048)), [1, 5, 'tokens draw']],
  ['a few blobs', post(ROUTES.blobsRead, bytes(127 * 48)), [1, 0, 'blobs read']],
  ['as many blobs as there may be', post(ROUTES.blobsRead, bytes(256 * 48)), [1, 2, 'blobs read']],
  ['blobs of a mailbox', post(ROUTES.mailboxFetch, bytes(16)), [1, 'mailbox fetch']],
  ['an upload, whose bytes wait', post(ROUTES.blobs, (await makeBlob()).frame), ['blobs upload']],
])('%s', async (_, { path, init }, expected) => {
  const did: string[] = [];
  const url = await serve(did, async (turns = 1) => void did.push(String(turns)));
  const scheme = path === ROUTES.blobs ? TICKET_SCHEME : SESSION_SCHEME;
  const headers = {
    'Content-Type': 'application/octet-stream',
    Authorization: `${scheme} ${b64(randomBytes(32))}`,
  };
  await fetch(url + path, { ...init, headers } as RequestInit).catch(() => undefined);
  expect(did).toEqual(expected.map(String));
});

test('nothing is done for a request whose turn has not come, nor for one that nobody waits for any more', async () => {
  const did: string[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal | undefined>();
  const url = await serve(did, async (_turns, gone) => {
    begin(gone);
    await new Promise((_resolve, reject) => gone?.addEventListener('abort', () => reject(gone.reason)));
  });
  const leaving = new AbortController();
  const headers = { Authorization: `${SESSION_SCHEME} ${b64(randomBytes(32))}` };
  const asked = fetch(url + ROUTES.mailbox, { headers, signal: leaving.signal });
  const gone = await begun;
  expect(did).toEqual([]);
  leaving.abort();
  await expect(asked).rejects.toThrow();
  await expect.poll(() => gone?.aborted).toBe(true);
  expect(did).toEqual([]);
});
