import { isRelayError } from '@relay/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RelayHttp } from '../src/transport/http.ts';
import { SHORT_SILENCE_MS, SILENCE_MS } from '../src/transport/request.ts';

/** A network that swallows requests, as some do while they change. */
const swallow: typeof fetch = (_url, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
  });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it.each([
  ['a question', (http: RelayHttp) => http.challenge(), SHORT_SILENCE_MS],
  ['an upload', (http: RelayHttp) => http.upload(new Uint8Array(32), new Uint8Array(65_616)), SILENCE_MS],
])('gives up %s that is swallowed, after its own time', async (_what, ask, patience) => {
  const ended = vi.fn();
  const asked = ask(new RelayHttp('http://localhost:4000', swallow)).catch(ended);
  await vi.advanceTimersByTimeAsync(patience - 1);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await asked;
  expect(isRelayError(ended.mock.calls[0]?.[0], 'relay_unreachable')).toBe(true);
});

it('ends what is under way when the network changes, and nothing that comes later', async () => {
  const http = new RelayHttp('http://localhost:4000', swallow);
  const ended = vi.fn();
  const asked = http.challenge().catch(ended);
  await vi.advanceTimersByTimeAsync(1);
  http.interrupt();
  await asked;
  expect(isRelayError(ended.mock.calls[0]?.[0], 'relay_unreachable')).toBe(true);
  const later = vi.fn();
  const again = http.challenge().catch(later);
  await vi.advanceTimersByTimeAsync(SHORT_SILENCE_MS - 1);
  expect(later).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await again;
});
