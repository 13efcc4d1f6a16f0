// Usage: npm run generate -w @relay/admin-cli. Writes docs/admin.md.
import { writeFileSync } from 'node:fs';
import { loadTree } from '../src/tree/load.ts';
import { adminPage } from '../src/tree/page.ts';

writeFileSync(new URL('../../docs/admin.md', import.meta.url), adminPage(await loadTree()));
