import { join, resolve } from 'node:path';
import { DemoError } from './errors.ts';
import { dataDirFor } from './postgres/index.ts';

/** The root of the project. */
export const PROJECT = resolve(import.meta.dirname, '../..');

/** A TCP port of this machine and the variable that changes it. */
export interface PortSetting {
  variable: string;
  port: number;
  /** What listens there, for people. */
  purpose: string;
}

/** What the environment decides. */
export interface Settings {
  relay: PortSetting;
  /** Of the pages of members 01 and 02. */
  clients: readonly [PortSetting, PortSetting];
  turn: PortSetting;
  /** Any free port when not given. */
  postgres: PortSetting | undefined;
  files: Files;
}

/** Where the demonstration keeps things; all of it goes with `make demo-clean`. */
export interface Files {
  /** Everything but the database, readable by this user alone. */
  state: string;
  identities: string;
  logs: string;
  /** The record of a running demonstration. */
  run: string;
  /** The database, where PostgreSQL's own account can reach it. */
  postgres: string;
}

/** Lays out the files of a demonstration below `home`, the project's root unless a test moves it. */
export function filesOf(home: string): Files {
  const state = join(home, '.demo');
  return {
    state,
    identities: join(state, 'identities'),
    logs: join(state, 'logs'),
    run: join(state, 'run.json'),
    postgres: dataDirFor(home, 'postgres'),
  };
}

function portOf(env: NodeJS.ProcessEnv, variable: string, usual: number, purpose: string): PortSetting {
  const text = env[variable]?.trim() || String(usual);
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return { variable, port, purpose };
  throw new DemoError('bad_setting', `${variable} is "${text}"; set it to a port from 1 to 65535.`);
}

/**
 * Reads the settings: `RELAY_PORT`, `CLIENT_PORT_1`, `CLIENT_PORT_2`, `TURN_PORT`, `PG_PORT`, and `DEMO_HOME`, the folder that
 * holds `.demo`.
 * @throws DemoError `bad_setting`
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const settings: Settings = {
    relay: portOf(env, 'RELAY_PORT', 4000, 'the relay'),
    clients: [
      portOf(env, 'CLIENT_PORT_1', 5173, 'the page of member 01'),
      portOf(env, 'CLIENT_PORT_2', 5174, 'the page of member 02'),
    ],
    turn: portOf(env, 'TURN_PORT', 3478, 'coturn'),
    postgres: env.PG_PORT?.trim() ? portOf(env, 'PG_PORT', 0, 'PostgreSQL') : undefined,
    files: filesOf(env.DEMO_HOME?.trim() ? resolve(env.DEMO_HOME) : PROJECT),
  };
  const seen = new Map<number, string>();
  for (const { port, variable } of portsOf(settings)) {
    const other = seen.get(port);
    if (other !== undefined) {
      throw new DemoError(
        'bad_setting',
        `${other} and ${variable} are both ${port}; give them different ports.`,
      );
    }
    seen.set(port, variable);
  }
  return settings;
}

/** Every port that a demonstration with these settings listens on. */
export function portsOf({ relay, clients, turn, postgres }: Settings): PortSetting[] {
  return [relay, ...clients, turn, ...(postgres ? [postgres] : [])];
}
