/**
 * The arithmetic of tokens, on a thread of its own: a batch takes a hundred milliseconds and more, and whoever sends forged tokens must not
 * keep the others' requests waiting.
 */
import { Worker } from 'node:worker_threads';
import type { Bytes, ErrorCode, OprfKeyPair, Token } from '@relay/protocol/wire';
import { RelayError } from '@relay/protocol/wire';

/** What the thread is asked. */
export type Task =
  | { kind: 'check'; secret: Bytes; token: Token }
  | { kind: 'issue'; key: OprfKeyPair; blinded: readonly Bytes[] };
/** What comes of it. */
export type TaskResult = boolean | { evaluated: Bytes; proof: Bytes };
/** How the thread answers. */
export type TaskAnswer = { id: number; result: TaskResult } | { id: number; code: ErrorCode };

/** The arithmetic of tokens (SPEC.md §22.2). */
export interface Oprf {
  /**
   * Evaluates a batch of 64 elements of 32 bytes.
   * @throws RelayError `bad_request` when one is no element, `unavailable` after {@link Oprf.close} or when too much waits
   */
  issue(key: OprfKeyPair, blinded: readonly Bytes[]): Promise<{ evaluated: Bytes; proof: Bytes }>;
  /** Whether a token was issued under `secret` (32 bytes). @throws RelayError `unavailable` as {@link Oprf.issue} */
  isIssued(secret: Bytes, token: Token): Promise<boolean>;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** Tasks that wait at most, some seconds of work: beyond that, answers would come too late to be of use. */
const MOST_WAITING = 512;

interface Waiter {
  resolve(result: TaskResult): void;
  reject(error: unknown): void;
}

/** Makes it; the thread starts with the first task, and anew when it was lost. */
export function startOprf(): Oprf {
  const waiting = new Map<number, Waiter>();
  let thread: Worker | undefined;
  let last = 0;
  let isClosed = false;

  function lost(which: Worker, error: unknown): void {
    if (thread === which) thread = undefined;
    for (const [id, waiter] of waiting) {
      waiting.delete(id);
      waiter.reject(error);
    }
  }

  function start(): Worker {
    const worker = new Worker(new URL('./oprf-thread.ts', import.meta.url));
    worker.unref();
    worker.on('message', (answer: TaskAnswer) => {
      const waiter = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('code' in answer) waiter?.reject(new RelayError(answer.code));
      else waiter?.resolve(answer.result);
    });
    worker.on('error', (error) => lost(worker, error));
    worker.on('exit', () => lost(worker, new RelayError('unavailable')));
    return worker;
  }

  function run(task: Task): Promise<TaskResult> {
    if (isClosed || waiting.size >= MOST_WAITING) return Promise.reject(new RelayError('unavailable'));
    thread ??= start();
    const id = ++last;
    return new Promise<TaskResult>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      thread?.postMessage({ id, task });
    });
  }

  return {
    issue: async (key, blinded) => {
      const result = await run({ kind: 'issue', key, blinded });
      if (typeof result === 'boolean') throw new TypeError('the thread answered something else');
      return result;
    },
    isIssued: async (secret, token) => (await run({ kind: 'check', secret, token })) === true,
    close: async () => {
      isClosed = true;
      await thread?.terminate();
    },
  };
}
