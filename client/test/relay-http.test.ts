import { b64, concat, RelayError } from '@relay/protocol';
import { expect, it } from 'vitest';
import { RelayHttp } from '../src/transport/http.ts';

const token = new Uint8Array(32).fill(1);

/** What one call asked, of a relay that gives this answer. */
async function asked<T>(answer: Response, call: (http: RelayHttp) => Promise<T>) {
  const requests: { url: string; authorization: string | null; body: unknown }[] = [];
  const fetcher = async (url: unknown, init: RequestInit = {}) => {
    const authorization = new Headers(init.headers).get('Authorization');
    requests.push({ url: String(url), authorization, body: init.body ?? undefined });
    return answer;
  };
  const result = await call(new RelayHttp('https://relay.example', fetcher as typeof fetch));
  return { result, requests };
}

const deleted = (n: unknown) => new Response(JSON.stringify({ deleted: n }));

it('empties the own mailbox, named by the session alone', async () => {
  const { result, requests } = await asked(deleted(7), (http) => http.emptyMailbox(token));
  expect(result).toBe(7);
  const authorization = `Bearer ${b64(token)}`;
  expect(requests).toEqual([
    { url: 'https://relay.example/v1/mailbox/empty', authorization, body: undefined },
  ]);
});

it('ends all sessions of the own key', async () => {
  const answer = new Response(null, { status: 204 });
  const { requests } = await asked(answer, (http) => http.endSessions(token));
  const authorization = `Bearer ${b64(token)}`;
  expect(requests).toEqual([
    { url: 'https://relay.example/v1/sessions/end', authorization, body: undefined },
  ]);
  await expect(asked(deleted(0), (http) => http.endSessions(token))).rejects.toThrow(RelayError);
});

it('deletes by capability without saying who asks', async () => {
  const [id, secret] = [new Uint8Array(16).fill(2), new Uint8Array(32).fill(3)];
  const { result, requests } = await asked(deleted(1), (http) => http.deleteByCapability([{ id, secret }]));
  expect(result).toBe(1);
  expect(requests).toEqual([
    { url: 'https://relay.example/v1/blobs/delete', authorization: null, body: concat(id, secret) },
  ]);
  await expect(
    asked(deleted('x'), (http) => http.deleteByCapability([{ id, secret }])),
  ).rejects.toMatchObject({ code: 'relay_protocol' });
});

it('asks for TURN credentials by the session alone, and takes none that lead elsewhere than to a TURN server', async () => {
  const turn = { urls: ['turn:relay.example:3478'], username: '60:a', credential: 'b', expiresIn: 60 };
  const answer = (body: object) => new Response(JSON.stringify(body));
  const { result, requests } = await asked(answer(turn), (http) => http.turnCredentials(token));
  expect(result).toEqual(turn);
  const authorization = `Bearer ${b64(token)}`;
  expect(requests).toEqual([{ url: 'https://relay.example/v1/turn', authorization, body: undefined }]);
  const astray = { ...turn, urls: ['stun:elsewhere.example:3478'] };
  await expect(asked(answer(astray), (http) => http.turnCredentials(token))).rejects.toMatchObject({
    code: 'relay_protocol',
  });
});
