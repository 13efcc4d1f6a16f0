import { writeFileSync } from 'node:fs';
import { formatEnvExample } from '../src/config.ts';

writeFileSync(new URL('../../../.env.example', import.meta.url), formatEnvExample());
