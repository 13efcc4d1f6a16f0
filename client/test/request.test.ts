import { RelayError } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import type { RequestParts } from '../src/transport/request.ts';
import { streamRequest } from '../src/transport/request.ts';

interface Options {
  silenceMs?: number;
  signal?: AbortSignal;
  parts?: RequestParts;
}

/** Collects an answer, given by a fetch that is aborted as a real one is. */
async function collect(
  answer: (init: RequestInit) => Response | Promise<Response>,
  { silenceMs = 1_000, signal = new AbortController().signal, parts = {} }: Options = {},
): Promise<string> {
  const fetcher = (_url: unknown, init: RequestInit = {}) =>
    Promise.race([
      Promise.resolve().then(() => answer(init)),
      new Promise<never>((_, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        if (init.signal?.aborted) reject(new DOMException('aborted', 'AbortError'));
      }),
    ]);
  let text = '';
  const carrier = { fetcher: fetcher as typeof fetch, silenceMs, signal };
  for await (const piece of streamRequest(carrier, 'https://relay.example/v1/x', parts))
    text += Buffer.from(piece).toString();
  return text;
}

async function faultOf(...args: Parameters<typeof collect>): Promise<RelayError> {
  const error = await collect(...args).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RelayError)) throw new Error(`no RelayError but ${String(error)}`);
  return error;
}

/** A body that gives pieces at its own pace, and dies with the request. */
function body(init: RequestInit, ...steps: (string | number | Error)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      init.signal?.addEventListener('abort', () =>
        controller.error(new DOMException('aborted', 'AbortError')),
      );
      for (const step of steps) {
        if (typeof step === 'number') await new Promise((resolve) => setTimeout(resolve, step));
        else if (step instanceof Error) return controller.error(step);
        else controller.enqueue(Buffer.from(step));
      }
      controller.close();
    },
  });
}
const forever = () => new Promise<Response>(() => {});
const json = (status: number, value: unknown, headers = {}) =>
  new Response(JSON.stringify(value), { status, headers });
const error = (code: string, message = 'words') => ({ error: { code, message } });

describe('a request', () => {
  it('yields the answer as it arrives', async () => {
    expect(await collect((init) => new Response(body(init, 'ab', 5, 'cd')))).toBe('abcd');
    expect(await collect(() => new Response(null, { status: 204 }), { parts: { success: [204] } })).toBe('');
  });

  it('tells nobody where it comes from, and follows nothing', async () => {
    let seen: RequestInit = {};
    await collect(
      (init) => {
        seen = init;
        return new Response('');
      },
      { parts: { json: { a: 1 }, authorization: 'Bearer x' } },
    );
    const { method, cache, credentials, referrerPolicy, redirect } = seen;
    expect({ method, cache, credentials, referrerPolicy, redirect }).toEqual({
      method: 'POST',
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
    });
    expect(Object.fromEntries(seen.headers as Headers)).toEqual({
      authorization: 'Bearer x',
      'content-type': 'application/json',
    });
  });

  it('passes on the relay’s own code, words and Retry-After', async () => {
    const fault = await faultOf(() => json(429, error('rate_limited', 'Slower.'), { 'retry-after': '7' }));
    expect([fault.code, fault.message, fault.retryAfter]).toEqual(['rate_limited', 'Slower.', 7]);
    expect((await faultOf(() => json(401, error('unauthenticated')))).retryAfter).toBeUndefined();
  });

  it.each<[number, unknown, string]>([
    [502, '<html>Bad Gateway</html>', 'unavailable'],
    [503, '', 'unavailable'],
    [500, error('no_such_code'), 'unavailable'],
    [404, '<html>Not Found</html>', 'relay_protocol'],
    [404, error('not_found'), 'not_found'],
    [403, { error: 'forbidden' }, 'relay_protocol'],
    [418, error('unavailable'), 'unavailable'],
  ])('maps %i %j to %s', async (status, answer, code) => {
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    expect((await faultOf(() => new Response(text, { status }))).code).toBe(code);
  });

  it('takes no other success than the one that belongs to the route', async () => {
    const portal = () => new Response('<html>Welcome</html>', { status: 200 });
    expect((await faultOf(portal, { parts: { success: [204] } })).code).toBe('relay_protocol');
    expect((await faultOf(() => new Response(null, { status: 204 }))).code).toBe('relay_protocol');
  });

  it('is relay_unreachable when there is no way, or the answer breaks off', async () => {
    const noWay = () => Promise.reject(new TypeError('Failed to fetch'));
    expect((await faultOf(noWay)).code).toBe('relay_unreachable');
    const broken = await faultOf((init) => new Response(body(init, 'ab', new Error('reset'))));
    expect(broken.code).toBe('relay_unreachable');
  });

  it('gives up a server that is silent, before its answer or within it', async () => {
    expect((await faultOf(forever, { silenceMs: 20 })).code).toBe('relay_unreachable');
    const stalled = await faultOf((init) => new Response(body(init, 'ab', 10_000)), { silenceMs: 20 });
    expect(stalled.code).toBe('relay_unreachable');
    const stalledError = await faultOf((init) => new Response(body(init, '{', 10_000), { status: 503 }), {
      silenceMs: 20,
    });
    expect(stalledError.code).toBe('unavailable');
  });

  it('has patience with a server that is slow but not silent, and with a slow reader', async () => {
    const slow = (init: RequestInit) => new Response(body(init, 'a', 200, 'b', 200, 'c', 200, 'd'));
    expect(await collect(slow, { silenceMs: 500 })).toBe('abcd');
    const fetcher = (async (_url: unknown, init: RequestInit) =>
      new Response(body(init, 'a', 'b'))) as typeof fetch;
    const carrier = { fetcher, silenceMs: 200, signal: new AbortController().signal };
    let text = '';
    for await (const piece of streamRequest(carrier, 'https://relay.example/', {})) {
      text += Buffer.from(piece).toString();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(text).toBe('ab');
  });

  it('ends when it is told to, under way or before', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    expect((await faultOf(forever, { signal: controller.signal })).code).toBe('relay_unreachable');
    expect((await faultOf(() => new Response('late'), { signal: controller.signal })).code).toBe(
      'relay_unreachable',
    );
  });

  it('lets go of the answer when its reader does', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(Uint8Array.of(1)),
      cancel: () => {
        cancelled = true;
      },
    });
    const fetcher = (async () => new Response(stream)) as typeof fetch;
    const carrier = { fetcher, silenceMs: 1_000, signal: new AbortController().signal };
    for await (const _piece of streamRequest(carrier, 'https://relay.example/', {})) break;
    expect(cancelled).toBe(true);
  });
});
