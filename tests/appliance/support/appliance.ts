import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Container, Ran, RunOptions } from './docker.ts';
import { run, succeed } from './docker.ts';
import { until } from './until.ts';

/** Services that go on until they are stopped. */
export const LASTING = ['postgres', 'relay', 'worker', 'coturn'] as const;
/** Services that do one thing and end. */
export const ONE_SHOT = ['init', 'migrate'] as const;

/** Where an appliance is, for every test file alike. */
export interface ApplianceSite {
  /** A clean clone. */
  folder: string;
  /** Name of the compose project. */
  project: string;
  /** What the operator set, beside what the files say. */
  env: Readonly<Record<string, string>>;
}

/** Copies what would be committed of this project, and nothing else, as a clean clone has it. */
export async function cleanClone(): Promise<string> {
  const root = resolve(import.meta.dirname, '../../..');
  const folder = mkdtempSync('/var/tmp/relay-appliance-');
  const listed = await succeed('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of listed.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    try {
      cpSync(join(root, file), join(folder, file), { dereference: false });
    } catch (error) {
      // Deleted, and not committed yet.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return folder;
}

/** A real appliance: the real images and the real compose file, in a compose project of its own. */
export class Appliance {
  readonly site: ApplianceSite;

  constructor(site: ApplianceSite) {
    this.site = site;
  }

  /** Where members dial it on this machine. */
  get relayUrl(): string {
    return `http://localhost:${this.site.env.RELAY_PORT ?? '4000'}`;
  }

  /** Runs `docker compose` in the clone. */
  compose(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return succeed('docker', ['compose', ...args], this.#options(options));
  }

  /** As {@link Appliance.compose}, whatever comes of it. */
  tryCompose(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return run('docker', ['compose', ...args], this.#options(options));
  }

  /** Runs a make target in the clone. */
  make(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return run('make', args, this.#options(options));
  }

  /** Runs the host half of doctor itself: make has exit codes of its own. */
  doctor(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return run('sh', ['scripts/appliance/doctor.sh', ...args], this.#options({ env }));
  }

  /** Brings everything up, healthy. */
  async up(...args: string[]): Promise<void> {
    await this.compose(['up', '--build', '--detach', '--wait', '--wait-timeout', '180', ...args]);
  }

  /** Runs relay-admin in the appliance. */
  admin(args: readonly string[], input?: string | Uint8Array): Promise<Ran> {
    return this.tryCompose(['run', '--rm', '-T', 'admin', ...args], input === undefined ? {} : { input });
  }

  /** Runs a program in a service's container. */
  exec(service: string, ...args: string[]): Promise<string> {
    return this.compose(['exec', '-T', service, ...args]);
  }

  /** What Docker knows of a service's container, whether it runs or has ended. */
  async container(service: string): Promise<Container> {
    const id = (await this.compose(['ps', '--all', '--quiet', service])).trim();
    const [found] = JSON.parse(await succeed('docker', ['inspect', id])) as Container[];
    if (!found) throw new Error(`there is no container of ${service}`);
    return found;
  }

  /** Kills a service's first process as the kernel does when memory is short, so that Docker sees it die. */
  async kill(service: string): Promise<void> {
    const { Pid } = (await this.container(service)).State;
    if (!(Pid > 1)) throw new Error(`${service} has no process`);
    process.kill(Pid, 'SIGKILL');
  }

  /** Waits until these services run and say that they are well. */
  async healthy(services: readonly string[] = LASTING): Promise<void> {
    for (const service of services) {
      await until(`${service} to be healthy`, async () => {
        const { State } = await this.container(service);
        return State.Status === 'running' && State.Health?.Status === 'healthy';
      });
    }
  }

  /** Ends whatever of it runs, and deletes what it kept, volumes of every override included. */
  async wipe(): Promise<void> {
    await this.tryCompose(['--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '5']);
    const label = `label=com.docker.compose.project=${this.site.project}`;
    const volumes = (await succeed('docker', ['volume', 'ls', '--quiet', '--filter', label])).split('\n');
    const left = volumes.filter(Boolean);
    if (left.length > 0) await succeed('docker', ['volume', 'rm', ...left]);
  }

  /** Wipes it, and deletes its clone. */
  async destroy(): Promise<void> {
    await this.wipe();
    rmSync(this.site.folder, { recursive: true, force: true });
  }

  #options({ env, ...options }: RunOptions): RunOptions {
    const { folder, project } = this.site;
    return { cwd: folder, ...options, env: { COMPOSE_PROJECT_NAME: project, ...this.site.env, ...env } };
  }
}
