// Usage: npm run settings -w @relay/server. Writes .env.example and docs/settings.md.
import { writeFileSync } from 'node:fs';
import { formatEnvExample, formatSettingsPage } from '../src/settings.ts';

writeFileSync(new URL('../../../.env.example', import.meta.url), formatEnvExample());
writeFileSync(new URL('../../../docs/settings.md', import.meta.url), formatSettingsPage());
