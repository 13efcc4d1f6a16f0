/**
 * The arithmetic of tokens, on threads of its own: a batch takes a hundred milliseconds and more, and whoever draws, or sends forged tokens, must
 * not keep the others' requests waiting.
 */
import { Worker } from 'node:worker_threads';
import type { Bytes, ErrorCode, OprfKeyPair, Token } from '@relay/protocol/wire';
import { RelayError } from '@relay/protocol/wire';
import { createFairQueue } from '../limits/fair-queue.ts';
import { currentPayer } from '../limits/payer.ts';

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
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Tasks that wait at most, some seconds of work: beyond that, answers would come too late to be of use. */
const MOST_WAITING = 512;
/** Who asks where nobody is known. */
const NOBODY = '';

interface Waiter {
  resolve(result: TaskResult): void;
  reject(error: unknown): void;
}

/** Makes it. Batches and checks have a thread each: a check, of three milliseconds, waits for no batch. */
export function startOprf(): Oprf {
  const [batches, checks] = [startThread(true), startThread(false)];
  return {
    issue: async (key, blinded) => {
      const result = await batches.run({ kind: 'issue', key, blinded });
      if (typeof result === 'boolean') throw new TypeError('the thread answered something else');
      return result;
    },
    isIssued: async (secret, token) => (await checks.run({ kind: 'check', secret, token })) === true,
    close: async () => {
      await Promise.all([batches.close(), checks.close()]);
    },
  };
}

interface Thread {
  run(task: Task): Promise<TaskResult>;
  close(): Promise<void>;
}

/** The thread starts with the first task, and anew when it was lost. It has one task at a time, by turns of those who ask. */
function startThread(yields: boolean): Thread {
  const turns = createFairQueue({ all: 1, each: 1 });
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
    const worker = new Worker(new URL('./oprf-thread.ts', import.meta.url), { workerData: { yields } });
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

  async function run(task: Task): Promise<TaskResult> {
    if (isClosed || turns.waiting() >= MOST_WAITING) throw new RelayError('unavailable');
    const leave = await turns.enter(currentPayer() ?? NOBODY);
    try {
      return await perform(task);
    } finally {
      leave();
    }
  }

  function perform(task: Task): Promise<TaskResult> {
    if (isClosed) return Promise.reject(new RelayError('unavailable'));
    thread ??= start();
    const id = ++last;
    return new Promise<TaskResult>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      thread?.postMessage({ id, task });
    });
  }

  return {
    run,
    close: async () => {
      isClosed = true;
      await thread?.terminate();
    },
  };
}
