// Vitest's global set-up of the projects that need a database: one PostgreSQL for the whole run.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '@relay/demo/postgres';
import type { TestProject } from 'vitest/node';

/** Ends the server and removes its data when this process dies without a chance to do so itself. */
function armReaper(pid: number, dataDir: string): () => void {
  const reaper = spawn(
    'sh',
    ['-c', 'read -r _; kill -INT "$0" && sleep 2; rm -rf "$1"', String(pid), dataDir],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  reaper.unref();
  return () => {
    reaper.kill('SIGKILL');
  };
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Below /var/tmp, which the account of the server can reach whoever runs the tests.
  const dataDir = mkdtempSync(join('/var/tmp', 'relay-test-'));
  // Cleaning of its own would hold tables for a moment, at times that no test knows.
  const server = await startPostgres({ dataDir, settings: { autovacuum: 'off' } }).catch((error: unknown) => {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  const disarmReaper = armReaper(server.pid, dataDir);
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    disarmReaper();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
