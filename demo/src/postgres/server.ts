import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.ts';
import { isRoot, unprivilegedAccount } from './account.ts';
import { binariesFor, installedBinaries } from './binaries.ts';
import { CLEAN_ENVIRONMENT, layout, prepareCluster, prepareFolder, writePrivate } from './cluster.ts';
import { PostgresError } from './errors.ts';
import { freePort, portTaken } from './port.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';
import { processIdentity, signal } from './process.ts';

/** How to start a server. */
export interface PostgresOptions {
  /** Folder of the cluster, its password and log; made when missing. */
  dataDir: string;
  /** TCP port on 127.0.0.1; any free one when not given. */
  port?: number;
  /** Flush to disk on commit, as in production. Without it a power cut may lose data; a killed process does not. */
  durable?: boolean;
  /** Further settings by name, which win over those of the runner. */
  settings?: Readonly<Record<string, string>>;
  /** For a root process: the existing user to run the server as; `postgres` or `nobody` when not given. */
  runAs?: string;
}

/** A running server. */
export interface PostgresServer {
  /** Connection URL of the superuser's database `postgres`, password included. */
  url: string;
  port: number;
  pid: number;
  dataDir: string;
  /** Fast shutdown; resolves when the process is gone. Calling it again is fine. */
  stop(): Promise<void>;
  /** Kills the server as a crash would, for tests of durability; resolves when the process is gone. */
  kill9(): Promise<void>;
}

const READY_MS = 60_000;
const ATTEMPTS = 5;

/**
 * Starts PostgreSQL on 127.0.0.1 with the binaries that npm installed, making the cluster the first time. A server that
 * an earlier process left behind in the same folder is stopped first.
 *
 * @throws PostgresError with what to do; `in_use` when another live process runs a server from this folder
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir);
  const durable = options.durable ?? false;
  const account = isRoot() ? unprivilegedAccount(options.runAs) : undefined;
  const installed = installedBinaries();
  const binaries = account ? binariesFor(account, installed) : installed.folder;

  prepareFolder(dataDir, account);
  await takeOver(dataDir, account);
  const password = prepareCluster(dataDir, binaries, account, durable);

  const { child, port } = await startOnPort({
    ...{ dataDir, binaries, account, durable },
    port: options.port,
    more: options.settings ?? {},
  });
  const pid = child.pid as number;
  const ended = once(child, 'exit');
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid,
    dataDir,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null)
        await Promise.all([stopPostmaster(pid), ended]);
    },
    kill9: async () => {
      if (child.exitCode === null && child.signalCode === null) signal(pid, 'SIGKILL');
      await ended;
    },
  };
}

/** Makes this process the one that runs servers from the folder, and ends a server whose process is gone. */
async function takeOver(dataDir: string, account: Account | undefined): Promise<void> {
  const files = layout(dataDir);
  const orphan = findPostmaster(files.cluster);
  if (orphan) {
    const owner = readOwner(files.owner);
    if (owner !== undefined && owner === processIdentity(Number.parseInt(owner, 10))) {
      throw new PostgresError(
        'in_use',
        `Process ${Number.parseInt(owner, 10)} already runs PostgreSQL from ${dataDir}.`,
      );
    }
    await stopPostmaster(orphan.pid);
  }
  writePrivate(files.owner, processIdentity(process.pid) ?? '', account);
}

function readOwner(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

interface Launch {
  dataDir: string;
  binaries: string;
  account: Account | undefined;
  durable: boolean;
  port: number | undefined;
  more: Readonly<Record<string, string>>;
}

async function startOnPort(launch: Launch): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(launch.port ?? 0);
    const child = spawnServer(launch, port);
    const failure = await waitUntilReady(child, launch.dataDir);
    if (failure === undefined) return { child, port };

    const taken = failure.includes('Address already in use');
    // Backends of a killed server notice its death, and let go of its memory, a moment later.
    const haunted = failure.includes('pre-existing shared memory block');
    const again = haunted || (taken && launch.port === undefined);
    if (!again || attempt === ATTEMPTS) {
      if (taken) throw portTaken(port);
      throw new PostgresError('start_failed', `PostgreSQL did not start from ${launch.dataDir}: ${failure}`);
    }
    await sleep(200 * attempt);
  }
}

function spawnServer({ dataDir, binaries, account, durable, more }: Launch, port: number): ChildProcess {
  const files = layout(dataDir);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    // A failing statement may hold what its sender entrusted to it: keep its text and values out of the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...more,
  };
  rmSync(files.log, { force: true });
  const log = openSync(files.log, 'ax', 0o600);
  try {
    return spawn(
      join(binaries, 'bin', 'postgres'),
      [
        '-D',
        files.cluster,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      {
        cwd: dataDir,
        env: CLEAN_ENVIRONMENT,
        stdio: ['ignore', log, log],
        // In a group of its own, so that Ctrl-C reaches only whoever stops things in the right order.
        detached: true,
        ...(account && { uid: account.uid, gid: account.gid }),
      },
    );
  } finally {
    closeSync(log);
  }
}

/** Resolves to undefined when the server takes connections, or to its last words when it ended instead. */
async function waitUntilReady(child: ChildProcess, dataDir: string): Promise<string | undefined> {
  const files = layout(dataDir);
  let spawnFailure: Error | undefined;
  child.once('error', (error) => {
    spawnFailure = error;
  });
  for (let waited = 0; waited < READY_MS; waited += 10) {
    await sleep(10);
    if (spawnFailure) return spawnFailure.message;
    if (child.exitCode !== null || child.signalCode !== null) {
      return readFileSync(files.log, 'utf8').trim().split('\n').slice(-5).join(' ');
    }
    const found = findPostmaster(files.cluster);
    if (found?.ready && found.pid === child.pid) return undefined;
  }
  await stopPostmaster(child.pid as number);
  return `it was not ready after ${READY_MS / 1000} s.`;
}
