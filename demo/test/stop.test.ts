import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanDemo } from '../src/clean.ts';
import { isAlive, processIdentity } from '../src/postgres/process.ts';
import { readRun, writeRun } from '../src/run-record.ts';
import type { Files } from '../src/settings.ts';
import { filesOf } from '../src/settings.ts';
import { stopDemo } from '../src/stop.ts';

let home: string;
let files: Files;
let started: number[];

function sleeper(): number {
  const { pid } = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  if (pid === undefined) throw new Error('no process');
  started.push(pid);
  return pid;
}

const identity = (pid: number) => processIdentity(pid) ?? '';

beforeEach(() => {
  home = mkdtempSync('/var/tmp/relay-stop-');
  files = filesOf(home);
  mkdirSync(files.state);
  started = [];
});
afterEach(() => {
  for (const pid of started) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  rmSync(home, { recursive: true, force: true });
  rmSync(files.postgres, { recursive: true, force: true });
});

describe('stopDemo', () => {
  it('does nothing where nothing runs', async () => {
    expect(await stopDemo(files)).toEqual({ wasRunning: false, leftovers: [] });
  });

  it('ends the main process and what it left', async () => {
    const [main, relay] = [sleeper(), sleeper()];
    const children = [{ name: 'relay', process: identity(relay) }];
    writeRun(files.run, { main: identity(main), pages: [], children });
    expect(await stopDemo(files)).toEqual({ wasRunning: true, leftovers: ['relay'] });
    expect([main, relay].map(isAlive)).toEqual([false, false]);
    expect(readRun(files.run)).toBeUndefined();
  });

  it('leaves processes alone that merely have the same number', async () => {
    const [main, relay] = [sleeper(), sleeper()];
    const children = [{ name: 'relay', process: `${relay} 1` }];
    writeRun(files.run, { main: `${main} 1`, pages: [], children });
    expect(await stopDemo(files)).toEqual({ wasRunning: false, leftovers: [] });
    expect([main, relay].map(isAlive)).toEqual([true, true]);
  });

  it.each(['', 'nonsense', '{}', '{"main":"1","children":[{"name":"x","process":"1 1"}]}'])(
    'is not led astray by a record that reads %j',
    async (text) => {
      writeFileSync(files.run, text);
      expect(await stopDemo(files)).toEqual({ wasRunning: false, leftovers: [] });
      expect(readRun(files.run)).toBeUndefined();
    },
  );
});

describe('cleanDemo', () => {
  it('ends a running demonstration and removes everything of it', async () => {
    const main = sleeper();
    mkdirSync(files.postgres, { recursive: true });
    writeRun(files.run, { main: identity(main), pages: [], children: [] });
    expect((await cleanDemo(files)).wasRunning).toBe(true);
    expect(isAlive(main)).toBe(false);
    expect([files.state, files.postgres].map((path) => existsSync(path))).toEqual([false, false]);
    expect(existsSync(join(home))).toBe(true);
  });
});
