import type { Bytes, RosterMember } from '@relay/protocol';
import {
  formatAllowlist,
  generateCircle,
  openRoster,
  randomBytes,
  utf8,
  writeCircleKey,
  writeIdentityFile,
} from '@relay/protocol';
import type { NewFile } from '../files/new-directory.ts';
import { requireNewDirectory, writeNewDirectory } from '../files/new-directory.ts';

/** The file that can replace members; never goes to the server. */
export const CIRCLE_KEY_FILE = 'circle.key';
/** The one file that goes to the server. */
export const ALLOWLIST_FILE = 'allowed-keys-seed.json';

/** What {@link generateIdentities} is doing. */
export type GenerateStage = 'keys' | 'files';

/** What {@link generateIdentities} takes. */
export interface GenerateOptions {
  /** Where the files go; not there yet, or empty. */
  directory: string;
  /** One for each member, 2 to 32. */
  labels: readonly string[];
  /** Wraps each identity file and `circle.key` when given. */
  passphrase?: string | undefined;
  /** Source of 32-byte secrets; the platform's CSPRNG unless a test replaces it. */
  random?: (n: number) => Bytes;
  /** Called after each member's keys, then after each file is ready. */
  onProgress?: (stage: GenerateStage, done: number, total: number) => void;
}

/** A circle that was made. Nothing in it is secret. */
export interface GeneratedCircle {
  /** Full path. */
  directory: string;
  /** 32 bytes. */
  circleId: Bytes;
  members: { number: number; label: string; keyHash: Bytes; file: string }[];
  /** Whether the secret files have a passphrase. */
  wrapped: boolean;
  /** Interrupted earlier runs whose files were removed. */
  leftovers: number;
}

/** The name of a member's identity file: `identity-01.bin`. */
export function identityFileName(number: number): string {
  return `identity-${String(number).padStart(2, '0')}.bin`;
}

/**
 * Makes a circle and writes its identity files, `circle.key` and `allowed-keys-seed.json` (SPEC.md §2) into a new directory.
 * @throws RelayError `file_exists` when anything is there, before any work
 */
export async function generateIdentities(options: GenerateOptions): Promise<GeneratedCircle> {
  const { labels, passphrase, random = randomBytes, onProgress = () => {} } = options;
  await requireNewDirectory(options.directory);
  const circle = await generateCircle(labels, random, (made) => onProgress('keys', made, labels.length));
  const files: NewFile[] = [];
  const add = (name: string, bytes: Uint8Array) => {
    files.push({ name, bytes });
    onProgress('files', files.length, labels.length + 2);
  };
  for (const identity of circle.identities) {
    add(identityFileName(identity.number), await writeIdentityFile(identity, passphrase));
    identity.seed.fill(0);
  }
  add(CIRCLE_KEY_FILE, await writeCircleKey(circle.circleKey, passphrase));
  circle.circleKey.seed.fill(0);
  add(ALLOWLIST_FILE, utf8(formatAllowlist(circle.allowlist)));
  const { directory, leftovers } = await writeNewDirectory(options.directory, files);
  const roster = await openRoster(circle.circleKey.signedRoster);
  return {
    directory,
    circleId: roster.circleId,
    members: roster.members.map(withFile),
    wrapped: passphrase !== undefined,
    leftovers,
  };
}

function withFile({ number, label, keyHash }: RosterMember): GeneratedCircle['members'][number] {
  return { number, label, keyHash, file: identityFileName(number) };
}
