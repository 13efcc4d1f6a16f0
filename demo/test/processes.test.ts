import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DemoError } from '../src/errors.ts';
import { isAlive, processIdentity } from '../src/postgres/process.ts';
import { Processes } from '../src/processes.ts';
import type { RecordedProcess } from '../src/run-record.ts';
import { untilReady } from '../src/until.ts';

const SLEEP = 'console.log("ready"); setInterval(() => {}, 1000);';
const STUBBORN = `process.on("SIGTERM", () => {}); ${SLEEP}`;

let folder: string;
let recorded: RecordedProcess[];
let processes: Processes;
let lost: Promise<DemoError>;

beforeEach(() => {
  folder = mkdtempSync('/var/tmp/relay-processes-');
  const { promise, resolve } = Promise.withResolvers<DemoError>();
  lost = promise;
  const changed = (children: RecordedProcess[]) => {
    recorded = children;
  };
  processes = new Processes(join(folder, 'logs'), changed, resolve, 300);
});
afterEach(async () => {
  await processes.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(name: string, script: string, env?: Record<string, string>) {
  return processes.start({
    name,
    program: process.execPath,
    args: ['--eval', script],
    cwd: folder,
    ...(env && { env }),
  });
}

async function startReady(name: string, script: string) {
  const child = start(name, script);
  await untilReady(child, async () => child.output().includes('ready'));
  return child;
}

describe('Processes', () => {
  it('records each child by number and start time, and logs for this user alone', async () => {
    const child = await startReady('one', SLEEP);
    expect(recorded).toEqual([{ name: 'one', process: processIdentity(child.pid) }]);
    expect(statSync(child.log).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'logs')).mode & 0o777).toBe(0o700);
  });

  it('gives children the environment they are meant to have and nothing else', async () => {
    process.env.DATABASE_URL = 'postgres://leak';
    try {
      const child = start('env', 'console.log(JSON.stringify(process.env)); process.exit(0)', { PORT: '1' });
      await lost;
      expect(Object.keys(JSON.parse(readFileSync(child.log, 'utf8')) as object).sort()).toEqual([
        'HOME',
        'PATH',
        'PORT',
      ]);
    } finally {
      delete process.env.DATABASE_URL;
    }
  });

  it('tells of a child that ends by itself, with its last words', async () => {
    start('weak', 'console.error("out of luck"); process.exit(3)');
    expect(await lost).toMatchObject({
      code: 'child_ended',
      message: expect.stringMatching(/^weak ended with exit code 3.*\n.*out of luck/),
    });
  });

  it('tells of a child that cannot be started', () => {
    const launch = { name: 'none', program: join(folder, 'missing'), args: [], cwd: folder };
    expect(() => processes.start(launch)).toThrow(expect.objectContaining({ code: 'child_ended' }));
  });

  it('ends all, also those that do not want to, and starts no more', async () => {
    const children = [await startReady('one', SLEEP), await startReady('stubborn', STUBBORN)];
    await processes.close();
    expect(children.map(({ pid }) => isAlive(pid))).toEqual([false, false]);
    expect(() => start('late', SLEEP)).toThrow(expect.objectContaining({ code: 'child_ended' }));
    const first = await Promise.race([lost, 'nobody was missed']);
    expect(first).toBe('nobody was missed');
  });
});

describe('untilReady', () => {
  it('stops waiting for a child that has ended', async () => {
    const child = start('brief', 'process.exit(1)');
    await expect(untilReady(child, async () => false)).rejects.toMatchObject({ code: 'child_ended' });
  });

  it('gives up on one that never gets there', async () => {
    const child = start('slow', SLEEP);
    await expect(untilReady(child, () => Promise.reject(new Error('no')), 100)).rejects.toMatchObject({
      code: 'not_ready',
      message: expect.stringContaining(child.log),
    });
  });
});
