import { runProcess } from './run.ts';
import { startWorker } from './worker/worker.ts';

await runProcess('worker', startWorker);
