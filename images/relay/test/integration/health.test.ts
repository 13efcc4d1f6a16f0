import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { emptyDatabase, makeDatabase } from '../support/database.ts';
import { startProcess, startRelayProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

const SCRIPT = fileURLToPath(new URL('../../src/health.ts', import.meta.url));

/** Runs the health check as a container does; resolves to its exit code and what it printed. */
async function checkHealth(part: string, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [SCRIPT, part], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => printed.push(piece));
  child.stderr.on('data', (piece: Buffer) => printed.push(piece));
  const [code] = await once(child, 'close');
  return `${code} ${Buffer.concat(printed)}`.trim();
}

let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await makeDatabase();
});

/** Starts a worker that notes its health in a file of its own. */
async function startWorker(env: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'relay-health-'));
  const file = join(folder, 'health');
  // What an earlier process left.
  await writeFile(file, '99999999999999\n');
  const worker = startProcess('worker', { WORKER_HEALTH_FILE: file, ...env });
  onTestFinished(() => rm(folder, { recursive: true }));
  onTestFinished(() => void worker.child.kill('SIGKILL'));
  return {
    file,
    output: worker.output,
    end: worker.end,
    check: () => checkHealth('worker', { WORKER_HEALTH_FILE: file }),
  };
}

test('a worker is healthy while its sweeps go well', async () => {
  const { file, output, end, check } = await startWorker({ DATABASE_URL: databaseUrl });
  await until('it swept', () => output().includes('swept'));
  await until('it is healthy', async () => (await check()) === '0');
  const first = Number(await readFile(file, 'utf8'));
  expect(first).toBeGreaterThan(Date.now());
  expect(first).toBeLessThan(Date.now() + 23 * 60_000);
  // As when sweeps have stopped; and they have, so that none mends it meanwhile.
  await end('SIGTERM');
  await writeFile(file, `${Date.now() - 1}\n`);
  expect(await check()).toBe('1 sweeps have failed or stopped; see the log');
});

test('a worker whose database is away is not', async () => {
  const { output, check } = await startWorker({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  await until('a sweep failed', () => output().includes('the sweep failed'));
  expect(await check()).toBe('1 no sweep has gone well since the start');
});

test('a relay is healthy when it can serve', async () => {
  const relay = await startRelayProcess(databaseUrl);
  onTestFinished(() => void relay.child.kill('SIGKILL'));
  const env = { PORT: new URL(relay.url).port };
  expect(await checkHealth('relay', env)).toBe('0');
  await relay.end('SIGTERM');
  expect(await checkHealth('relay', env)).toBe('1 the relay does not answer');
});

test('a relay whose database lacks a migration is not', async () => {
  const relay = startProcess('main', { DATABASE_URL: await emptyDatabase(), PORT: '0', HOST: '127.0.0.1' });
  onTestFinished(() => void relay.child.kill('SIGKILL'));
  const port = () => /"port":(\d+)/.exec(relay.output())?.[1];
  await until('it listened', () => port() !== undefined);
  expect(await checkHealth('relay', { PORT: port() ?? '' })).toMatch(/^1 the relay is not ready \(503\)/);
});

test('the migrate command says what is wrong, without a password', async () => {
  const command = startProcess('migrate', { DATABASE_URL: 'postgres://nobody:hidden@127.0.0.1:1/none' });
  await until('it had ended', () => command.child.exitCode !== null);
  expect(command.child.exitCode).toBe(1);
  expect(command.output()).toContain('ECONNREFUSED');
  expect(command.output()).not.toContain('hidden');
});
