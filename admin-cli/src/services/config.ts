import { resolve } from 'node:path';
import { ADDED, allSettings, RENAMED, SETTINGS_VERSION } from '@relay/server/settings';
import type { ConfigFinding, InitAnswers, KnownSettings, ShownSetting } from '../config/index.ts';
import { checkConfig, ENV_LIMIT, initialConfig, parseEnvFile, showConfig } from '../config/index.ts';
import { UserFault } from '../faults.ts';
import { readSmallText } from '../files/read-file.ts';
import { replaceFile } from '../files/replace-file.ts';
import { writeSingleFile } from '../files/single-file.ts';

const known = (): KnownSettings => ({
  version: SETTINGS_VERSION,
  settings: allSettings(),
  renamed: RENAMED,
  added: ADDED,
});

/**
 * Checks a `.env`.
 * @param path `-` for standard input
 * @throws UserFault, an error of the file system
 */
export async function checkConfigFile(path: string): Promise<ConfigFinding[]> {
  return checkConfig(parseEnvFile(await readSmallText(path, ENV_LIMIT)), known());
}

/**
 * The settings in force by a `.env`, masked.
 * @param path `-` for standard input
 * @throws UserFault, an error of the file system
 */
export async function showConfigFile(path: string): Promise<ShownSetting[]> {
  return showConfig(parseEnvFile(await readSmallText(path, ENV_LIMIT)), allSettings());
}

/** By which flag of `config init` a setting is given. */
const FLAGS: Readonly<Record<string, string>> = {
  RELAY_DOMAIN: '--domain',
  RELAY_PUBLIC_URL: '--domain',
  PROXY_NETWORK: '--existing-proxy',
  EXISTING_PROXY: '--existing-proxy',
  TURN_EXTERNAL_IP: '--external-ip',
  MAILBOX_MAX_BLOBS: '--mailbox-blobs',
};

/**
 * The text of a new `.env`.
 * @throws UserFault `usage` for an answer that no `.env` may hold
 */
export function newConfig(answers: InitAnswers): string {
  const text = initialConfig(answers, SETTINGS_VERSION);
  const faults = checkConfig(parseEnvFile(text), known()).filter(({ level }) => level === 'fault');
  if (faults.length === 0) return text;
  // What is made of the domain has its faults.
  const isDomainFaulty = faults.some(({ name }) => name === 'RELAY_DOMAIN');
  const own = faults.filter(({ name }) => !(isDomainFaulty && name === 'RELAY_PUBLIC_URL'));
  const words = own.map(({ name = '', finding }) => `${FLAGS[name] ?? name}: ${finding}`).join(' ');
  throw new UserFault('usage', `Nothing was written. ${words}`);
}

/**
 * Writes a `.env` (mode 0600), whole or not at all.
 * @param confirmOverwrite asked where something is there already; rejects to keep it
 * @returns its full path
 * @throws what `confirmOverwrite` rejects with, an error of the file system
 */
export async function writeConfig(
  path: string,
  text: string,
  confirmOverwrite: (place: string) => Promise<void>,
): Promise<string> {
  const place = resolve(path);
  const before = await readSmallText(place, ENV_LIMIT).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (before === text) return place;
  const bytes = new TextEncoder().encode(text);
  if (before === undefined) return writeSingleFile(place, bytes);
  await confirmOverwrite(place);
  await replaceFile(place, bytes);
  return place;
}
