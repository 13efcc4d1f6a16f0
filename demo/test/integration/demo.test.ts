import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LABELS } from '../../src/circle.ts';
import { HeadlessMember } from '../../src/headless.ts';
import { ownPort } from '../../src/postgres/port.ts';
import { findPostmaster } from '../../src/postgres/postmaster.ts';
import { isAlive } from '../../src/postgres/process.ts';
import { readRun } from '../../src/run-record.ts';
import type { Files } from '../../src/settings.ts';
import { filesOf, PROJECT } from '../../src/settings.ts';

const MAIN = join(PROJECT, 'demo/src/main.ts');

let home: string;
let files: Files;
let env: Record<string, string>;
let running: ChildProcess | undefined;

/** A run of the program without a terminal. */
interface Run {
  child: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
  /** Resolves once the text is there; rejects when the run ends before. */
  says(text: string): Promise<void>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  let output = '';
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const more = (text: Buffer) => {
    output += text.toString();
  };
  child.stdout.on('data', more);
  child.stderr.on('data', more);
  const says = async (text: string) => {
    while (!output.includes(text)) {
      const next = await Promise.race([
        ended.then(() => 'ended'),
        once(child.stdout, 'data').then(() => 'more'),
      ]);
      if (next === 'ended' && !output.includes(text)) throw new Error(`it ended instead:\n${output}`);
    }
  };
  return { child, output: () => output, ended, says };
}

function livePids(): number[] {
  const record = readRun(files.run);
  const pids = (record?.children ?? []).map(({ process }) => Number.parseInt(process, 10));
  const postmaster = findPostmaster(join(files.postgres, 'data'));
  return [...pids, ...(postmaster ? [postmaster.pid] : [])].filter(isAlive);
}

beforeAll(async () => {
  home = mkdtempSync('/var/tmp/relay-demo-test-');
  chmodSync(home, 0o755);
  files = filesOf(home);
  env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DEMO_HOME: home };
  for (const variable of ['RELAY_PORT', 'CLIENT_PORT_1', 'CLIENT_PORT_2', 'TURN_PORT']) {
    env[variable] = String(await ownPort());
  }
});
afterAll(async () => {
  running?.kill('SIGKILL');
  spawnSync(process.execPath, [MAIN, 'clean'], { env });
  rmSync(home, { recursive: true, force: true });
});

describe('the demonstration', () => {
  let allowlist: string;
  const readAllowlist = () => readFileSync(join(files.identities, 'allowed-keys-seed.json'), 'utf8');
  const identity = (number: string) => readFileSync(join(files.identities, `identity-${number}.bin`));

  it('says which variable moves it away from a taken port', async () => {
    const other = createServer().listen(Number(env.CLIENT_PORT_2), '127.0.0.1');
    await once(other, 'listening');
    const { output, ended } = run();
    expect(await ended).toBe(1);
    expect(output()).toContain(`Port ${env.CLIENT_PORT_2}, meant for the page of member 02, is taken.`);
    expect(output()).toContain('CLIENT_PORT_2=');
    expect(existsSync(files.identities)).toBe(false);
    await once(other.close(), 'close');
  });

  it('starts everything, and leaves nothing when it and its leftovers are ended by force', async () => {
    const first = run();
    await first.says('READY');
    for (const step of [
      'circle',
      'postgres',
      'migrations',
      'seed',
      'relay',
      'worker',
      'coturn',
      'client',
      'messages',
    ]) {
      expect(first.output()).toMatch(new RegExp(`^${step} `, 'm'));
    }
    for (const variable of ['CLIENT_PORT_1', 'CLIENT_PORT_2']) {
      expect(first.output()).toContain(`http://localhost:${env[variable]}`);
      expect((await fetch(`http://localhost:${env[variable]}/`)).status).toBe(200);
    }
    allowlist = readAllowlist();
    expect(readdirSync(files.identities).filter((name) => name.startsWith('identity-'))).toHaveLength(20);
    expect(
      readdirSync(files.identities).map((name) => statSync(join(files.identities, name)).mode & 0o777),
    ).toEqual(Array.from({ length: 22 }, () => 0o600));

    const second = run();
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain('already runs');
    expect(second.output()).toContain(`http://localhost:${env.CLIENT_PORT_1}`);

    const before = livePids();
    expect(before.length).toBeGreaterThanOrEqual(5);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(livePids()).toEqual(before);
    const stop = run('stop');
    expect(await stop.ended).toBe(0);
    expect(stop.output()).toContain('postgres');
    expect(before.filter(isAlive)).toEqual([]);
  });

  it('goes on with the same circle and messages, after ending what a killed run had left', async () => {
    const killed = run();
    await killed.says('relay  ');
    const left = livePids();
    killed.child.kill('SIGKILL');
    await killed.ended;
    const again = run();
    await again.says('READY');
    expect(again.output()).toContain('ended what a killed run had left');
    expect(left.filter(isAlive)).toEqual([]);
    expect(again.output()).toContain('the 20 members of before');
    expect(readAllowlist()).toBe(allowlist);

    const relay = `http://127.0.0.1:${env.RELAY_PORT}`;
    const second = await HeadlessMember.open(identity('02'), relay);
    expect(second.texts(LABELS[0]).filter((text) => text.startsWith('Hello'))).toHaveLength(2);
    expect(second.texts(LABELS[0]).filter((text) => text.startsWith('*Yes'))).toHaveLength(2);
    await second.close();

    const before = livePids();
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    expect(again.output()).toContain('Everything has ended');
    expect(before.filter(isAlive)).toEqual([]);
    expect(existsSync(files.run)).toBe(false);
  });

  it('ends with the reason when one of its parts ends by itself', async () => {
    const third = run();
    await third.says('client  ');
    const before = livePids();
    const worker = readRun(files.run)?.children.find(({ name }) => name === 'worker');
    process.kill(Number.parseInt(worker?.process ?? '', 10), 'SIGKILL');
    expect(await third.ended).toBe(1);
    expect(third.output()).toMatch(/worker was ended by SIGKILL.*worker\.log/);
    expect(third.output()).toContain('"swept"');
    expect(before.filter(isAlive)).toEqual([]);
  });

  it('is removed without a trace', async () => {
    const clean = run('clean');
    expect(await clean.ended).toBe(0);
    expect([files.state, files.postgres].filter((path) => existsSync(path))).toEqual([]);
  });
});
