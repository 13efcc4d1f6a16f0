/** The thread of `oprf.ts`. It keeps nothing between two tasks. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { isIssued, isRelayError, issueBatch } from '@relay/protocol/wire';
import type { Task, TaskAnswer, TaskResult } from './oprf.ts';

function perform(task: Task): TaskResult {
  if (task.kind === 'check') return isIssued(task.secret, task.token);
  return issueBatch(task.key, task.blinded);
}

// Batches can wait, but not for good: whoever has no tokens sends nothing, and a busy machine would starve a much lower priority. On Linux this
// is the priority of the calling thread alone, and elsewhere it is better to have none.
if ((workerData as { yields: boolean }).yields && process.platform === 'linux') setPriority(3);

parentPort?.on('message', ({ id, task }: { id: number; task: Task }) => {
  let answer: TaskAnswer;
  try {
    answer = { id, result: perform(task) };
  } catch (error) {
    answer = { id, code: isRelayError(error) ? error.code : 'internal' };
  }
  parentPort?.postMessage(answer);
});
