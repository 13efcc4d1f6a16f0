import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ALLOWLIST_FILE,
  generateIdentities,
  identityFileName,
  seedAllowlist,
  withMemberStore,
} from '@relay/admin-cli/services';
import { isRelayError } from '@relay/protocol';
import { DemoError } from './errors.ts';

/** The people of the demonstration circle, members 01 to 20. */
export const LABELS = [
  'Ada',
  'Bruno',
  'Chiara',
  'Dara',
  'Emil',
  'Farida',
  'Goran',
  'Hana',
  'Inés',
  'Jonas',
  'Kofi',
  'Lena',
  'Mirela',
  'Noor',
  'Oskar',
  'Paula',
  'Quentin',
  'Rosa',
  'Søren',
  'Tomoko',
] as const;

/**
 * Makes the circle unless it is there.
 *
 * @param directory - where its files are
 * @returns whether it was made now
 */
export async function ensureCircle(directory: string): Promise<boolean> {
  if (existsSync(join(directory, ALLOWLIST_FILE))) return false;
  await generateIdentities({ directory, labels: LABELS });
  return true;
}

/** Path of a member's identity file. */
export function identityFile(directory: string, number: number): string {
  return join(directory, identityFileName(number));
}

/**
 * Tells the relay's database whom to serve.
 *
 * @returns how many members are new there
 * @throws DemoError `other_circle` when the database belongs to another one
 */
export async function seedCircle(directory: string, databaseUrl: string): Promise<number> {
  const text = readFileSync(join(directory, ALLOWLIST_FILE), 'utf8');
  try {
    return (await withMemberStore(databaseUrl, (store) => seedAllowlist(store, { text }))).added;
  } catch (cause) {
    if (!isRelayError(cause, 'circle_mismatch')) throw cause;
    throw new DemoError(
      'other_circle',
      'The database holds another circle than the identities. Begin anew with: make demo-clean && make demo',
      { cause },
    );
  }
}
