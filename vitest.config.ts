import { defineConfig } from 'vitest/config';

const parts = '{protocol,images/relay,admin-cli,client,demo,bench,scripts}';

// Node calls ML-KEM in WebCrypto experimental, once for every worker of the tests.
const execArgv = ['--disable-warning=ExperimentalWarning'];

export default defineConfig({
  test: {
    execArgv,
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${parts}/test/*.test.{ts,tsx}`],
          setupFiles: ['scripts/vitest/fast-check.ts'],
          // Unless told, one on two cores: much of the time is waiting for programs that were started.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'integration',
          include: [`${parts}/test/integration/*.test.ts`],
          setupFiles: ['scripts/vitest/fast-check.ts'],
          globalSetup: ['scripts/vitest/postgres.ts'],
          maxWorkers: 2,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 10_000 } },
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['scripts/vitest/postgres.ts'],
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'calls',
          include: ['tests/calls/*.test.ts'],
          globalSetup: ['scripts/vitest/postgres.ts'],
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'appliance',
          include: ['tests/appliance/*.test.ts'],
          globalSetup: ['tests/appliance/setup.ts'],
          // One appliance, which some of them break and mend.
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
