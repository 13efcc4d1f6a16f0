/** The thread of `oprf.ts`. It keeps nothing between two tasks. */
import { parentPort } from 'node:worker_threads';
import { isIssued, isRelayError, issueBatch } from '@relay/protocol/wire';
import type { Task, TaskAnswer, TaskResult } from './oprf.ts';

function perform(task: Task): TaskResult {
  if (task.kind === 'check') return isIssued(task.secret, task.token);
  return issueBatch(task.key, task.blinded);
}

parentPort?.on('message', ({ id, task }: { id: number; task: Task }) => {
  let answer: TaskAnswer;
  try {
    answer = { id, result: perform(task) };
  } catch (error) {
    answer = { id, code: isRelayError(error) ? error.code : 'internal' };
  }
  parentPort?.postMessage(answer);
});
