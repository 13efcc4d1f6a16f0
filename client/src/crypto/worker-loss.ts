import { RelayError } from '@relay/protocol';

const LOST = 'The part of this page that holds your keys has stopped. Reload the page.';

/**
 * Makes every call of a worker end: what is under way when the worker is lost, and all that comes later, rejects with `internal` and words
 * for a person. Comlink alone would wait for an answer for ever.
 * @param remote methods that return promises
 * @param whenLost is given a function, to be called once the worker is lost
 */
export function endingWithWorker<T extends object>(remote: T, whenLost: (lose: () => void) => void): T {
  const waiting = new Set<(reason: RelayError) => void>();
  let isLost = false;
  whenLost(() => {
    isLost = true;
    for (const reject of waiting) reject(new RelayError('internal', LOST));
    waiting.clear();
  });
  const call = (method: string | symbol, args: unknown[]) =>
    new Promise((resolve, reject) => {
      if (isLost) return reject(new RelayError('internal', LOST));
      waiting.add(reject);
      const run = Reflect.get(remote, method) as (...args: unknown[]) => Promise<unknown>;
      Reflect.apply(run, remote, args)
        .then(resolve, reject)
        .finally(() => waiting.delete(reject));
    });
  return new Proxy(remote, {
    get: (_target, method) =>
      // It is no promise itself, and must not pass for one when it is awaited.
      method === 'then' ? undefined : (...args: unknown[]) => call(method, args),
  });
}
