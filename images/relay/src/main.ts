import { startRelay } from './relay.ts';
import { runProcess } from './run.ts';

await runProcess('relay', startRelay);
