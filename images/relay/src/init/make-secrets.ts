import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRelayError } from '@relay/protocol/wire';
import type { Now } from '../time.ts';
import { createSecrets } from '../turn/secrets-file.ts';
import type { FoundSecrets, RoleSecrets, SecretNames } from './database-secrets.ts';
import { completeSecrets, InitFault } from './database-secrets.ts';
import type { Owners, Rights } from './owned.ts';
import { mend, place, readSmall, systemOwners } from './owned.ts';

/** Users of the images, by number. */
const POSTGRES = { uid: 999, gid: 999 };
const RELAY = { uid: 10_001, gid: 10_001 };
/** The relay's user writes, the TURN server's group reads; the directory hands the group on to each new file. */
const TURN = { uid: 10_001, gid: 10_002 };

const DIRECTORY = { mode: 0o700 };
const FILE = { mode: 0o400 };

/** The database's roles: name after `relay_`, and the volume of who logs in as it. */
const ROLES = [
  ['owner', 'migrate'],
  ['relay', 'relay'],
  ['worker', 'worker'],
  ['admin', 'admin'],
] as const;

/** What was done, by paths below the root. */
export interface Made {
  /** Files that were missing. */
  made: string[];
  /** Files and directories that had a wrong owner or mode. */
  mended: string[];
}

/** What differs in tests. */
export interface MakeSecretsOptions {
  owners?: Owners;
  now?: Now;
}

/**
 * Makes the secrets of the appliance that are missing, each in the volume of who uses it, and mends owners and modes. What is there
 * is never replaced, so running it again changes nothing.
 *
 * @param root directory with a volume for each: `postgres`, `migrate`, `relay`, `worker`, `admin`, `turn`
 * @throws InitFault when a secret is damaged, before anything is changed; RelayError `turn_unavailable` for that of TURN; the
 * system's error
 */
export async function makeSecrets(root: string, options: MakeSecretsOptions = {}): Promise<Made> {
  const { owners = systemOwners, now = Date.now } = options;
  const done: Made = { made: [], mended: [] };

  async function directory(path: string, rights: Rights): Promise<void> {
    await mkdir(join(root, path), { recursive: true });
    // A new volume is root's until now, which is nothing to tell of.
    const isNew = (await readdir(join(root, path))).length === 0;
    if ((await mend(join(root, path), rights, owners)) && !isNew) done.mended.push(path);
  }

  async function file(path: string, found: string | undefined, text: string, rights: Rights): Promise<void> {
    if (found === undefined) {
      await place(join(root, path), text, rights, owners);
      done.made.push(path);
    } else if (await mend(join(root, path), rights, owners)) done.mended.push(path);
  }

  const databases = await readDatabaseSecrets(root);
  await directory('postgres', { ...POSTGRES, ...DIRECTORY });
  for (const { volume, names, found, complete } of databases) {
    await directory(volume, { ...RELAY, ...DIRECTORY });
    await file(names.password, found.password, complete.password, { ...POSTGRES, ...FILE });
    await file(names.url, found.url, complete.url, { ...RELAY, ...FILE });
  }

  await directory('turn', { ...TURN, mode: 0o2750 });
  const turn = 'turn/secrets';
  if (await createSecrets(join(root, turn), now)) done.made.push(turn);
  const mended = await mend(join(root, turn), { ...TURN, mode: 0o640 }, owners);
  if (mended && !done.made.includes(turn)) done.mended.push(turn);
  return done;
}

/** What is there of a role, and what must be. */
interface RoleState {
  volume: string;
  names: SecretNames;
  found: FoundSecrets;
  complete: RoleSecrets;
}

/** Reads all before anything is written, and reports every fault at once. */
async function readDatabaseSecrets(root: string): Promise<RoleState[]> {
  const faults: string[] = [];
  const states: RoleState[] = [];
  for (const [role, volume] of ROLES) {
    const names = { password: `postgres/${role}.password`, url: `${volume}/database-url` };
    const password = await readSmall(join(root, names.password));
    const found = { password, url: await readSmall(join(root, names.url)) };
    try {
      const fresh = () => randomBytes(32).toString('hex');
      states.push({ volume, names, found, complete: completeSecrets(`relay_${role}`, found, names, fresh) });
    } catch (error) {
      if (!(error instanceof InitFault)) throw error;
      faults.push(error.message);
    }
  }
  if (faults.length > 0) throw new InitFault(faults.join('\n'));
  return states;
}

/** Sentences for people about what {@link makeSecrets} did. */
export function describeMade({ made, mended }: Made): string[] {
  return [
    ...made.map((path) => `made ${path}`),
    ...mended.map((path) => `mended owner and mode of ${path}`),
    'every secret is in its place',
  ];
}

/** Sentences for people about why it could not. Shows no secret. */
export function describeInitFault(error: unknown): string[] {
  if (error instanceof InitFault || isRelayError(error)) return error.message.split('\n');
  if (error instanceof Error && 'code' in error && 'syscall' in error) {
    const path = 'path' in error ? ` ${error.path}` : '';
    return [
      `${error.syscall}${path} failed (${error.code}). Run it as root, with every volume below /secrets.`,
    ];
  }
  throw error;
}
