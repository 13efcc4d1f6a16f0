import { isRelayError } from '@relay/protocol';
import { expect, it, vi } from 'vitest';
import { endingWithWorker } from '../src/crypto/worker-loss.ts';

function worker() {
  const remote = {
    double: async (n: number) => 2 * n,
    never: () => new Promise<void>(() => {}),
    fails: () => Promise.reject(new TypeError('a bug')),
  };
  const called = vi.spyOn(remote, 'double');
  let lose = () => {};
  const guarded = endingWithWorker(remote, (given) => {
    lose = given;
  });
  return { guarded, called, lose: () => lose() };
}

it('answers as the worker does while it lives', async () => {
  const { guarded } = worker();
  expect(await guarded.double(21)).toBe(42);
  await expect(guarded.fails()).rejects.toThrow(TypeError);
  expect(await (async () => guarded)()).toBe(guarded);
});

it('ends what is under way when the worker is lost, and refuses all that comes later', async () => {
  const { guarded, called, lose } = worker();
  const pending = guarded.never().catch((error: unknown) => error);
  lose();
  expect(isRelayError(await pending, 'internal')).toBe(true);
  await expect(guarded.double(1)).rejects.toThrow('Reload the page');
  expect(called).not.toHaveBeenCalled();
});
