import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { isRoot } from '../../src/postgres/account.ts';
import type { PostgresServer } from '../../src/postgres/index.ts';
import { createDatabase, dropDatabase, startPostgres } from '../../src/postgres/index.ts';
import { isAlive } from '../../src/postgres/process.ts';

let dataDir: string;
let running: PostgresServer[];

async function start(options: Partial<Parameters<typeof startPostgres>[0]> = {}): Promise<PostgresServer> {
  const server = await startPostgres({ dataDir, ...options });
  running.push(server);
  return server;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

beforeEach(() => {
  dataDir = mkdtempSync('/var/tmp/relay-postgres-test-');
  running = [];
});
afterEach(async () => {
  for (const server of running) await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('startPostgres', () => {
  it('makes a cluster, and finds its data again after a stop and after a kill', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start();
    expect(await ask(second.url, 'SELECT answer FROM kept')).toBe(42);
    await ask(second.url, 'UPDATE kept SET answer = 43');
    await second.kill9();
    expect(isAlive(second.pid)).toBe(false);

    const third = await start();
    expect(await ask(third.url, 'SELECT answer FROM kept')).toBe(43);
  });

  it('has UTF-8, the C locale, checksums and passwords on loopback alone', async () => {
    const { url } = await start();
    expect(await ask(url, 'SHOW server_encoding')).toBe('UTF8');
    expect(await ask(url, "SELECT datcollate FROM pg_database WHERE datname = 'postgres'")).toBe('C');
    expect(await ask(url, 'SHOW data_checksums')).toBe('on');
    expect(await ask(url, 'SHOW listen_addresses')).toBe('127.0.0.1');
    expect(await ask(url, 'SHOW unix_socket_directories')).toBe('');
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('flushes only when asked to be durable', async () => {
    const quick = await start();
    expect(await ask(quick.url, 'SHOW fsync')).toBe('off');
    await quick.stop();
    const durable = await start({ durable: true });
    expect(await ask(durable.url, 'SHOW fsync')).toBe('on');
    expect(await ask(durable.url, 'SHOW full_page_writes')).toBe('on');
    expect(await ask(durable.url, 'SHOW synchronous_commit')).toBe('on');
  });

  it('names a port that is taken, and listens on the one it is given', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(String(port)),
    });
    other.close();
    await once(other, 'close');
    expect((await start({ port })).port).toBe(port);
  });

  it('refuses a folder whose server another live process runs', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ code: 'in_use' });
  });

  it('stops the orphan of a killed process, and keeps its data', async () => {
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { startPostgres } from '@relay/demo/postgres';
         const { pid, url } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} });
         console.log(JSON.stringify({ pid, url }));`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const orphan = JSON.parse(line.toString()) as { pid: number; url: string };
    await ask(orphan.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    expect(isAlive(orphan.pid)).toBe(true);

    const server = await start();
    expect(isAlive(orphan.pid)).toBe(false);
    expect(await ask(server.url, 'SELECT answer FROM kept')).toBe(42);
  });

  it.skipIf(!isRoot())('says when the account of the server cannot enter the folder', async () => {
    const closed = join(dataDir, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    await expect(start({ dataDir: join(closed, 'postgres') })).rejects.toMatchObject({
      code: 'unreachable_folder',
    });
  });
});

describe('databases', () => {
  it('are made from a template and dropped under open connections', async () => {
    const root = inject('postgresUrl');
    const first = await createDatabase(root, 'demo_template');
    await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const second = await createDatabase(root, 'demo_copy', 'demo_template');
    const guest = new Client({ connectionString: second });
    guest.on('error', () => undefined);
    const thrownOut = new Promise((resolve) => guest.once('end', resolve));
    await guest.connect();
    expect(await ask(second, 'SELECT answer FROM kept')).toBe(42);

    await dropDatabase(root, 'demo_copy');
    await thrownOut;
    await dropDatabase(root, 'demo_copy');
    await dropDatabase(root, 'demo_template');
    await expect(ask(second, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it.each(['', 'Capital', 'semi;colon', '"quoted"', 'a'.repeat(64)])('refuse the name %j', async (name) => {
    await expect(createDatabase(inject('postgresUrl'), name)).rejects.toMatchObject({ code: 'bad_name' });
  });
});
