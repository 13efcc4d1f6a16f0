import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

// Generating needs no schema engine, but Prisma looks for one and would download it. Any program that exists will do. Nothing else of
// Prisma's command line may be run this way: its migrate would report success having done nothing.
const { status } = spawnSync(
  process.execPath,
  [createRequire(import.meta.url).resolve('prisma/build/index.js'), 'generate'],
  {
    cwd: new URL('..', import.meta.url),
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
process.exitCode = status ?? 1;
