/** Starts relay-admin with the arguments of the process. */
import { execute } from '@oclif/core/execute';
import { settings } from '@oclif/core/settings';
import { silenceExperimentalWarnings } from './terminal/warnings.ts';

silenceExperimentalWarnings(process);
// Node strips the types itself; without this, oclif looks for a transpiler whenever NODE_ENV is test or development.
settings.enableAutoTranspile = false;
await execute({ dir: import.meta.url });
