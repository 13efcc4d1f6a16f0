/**
 * What can go wrong, in three classes: a {@link UserFault} or a `RelayError` is something the person at the terminal can
 * mend and is told in a sentence; anything else is a bug and shows its stack.
 */
import { EXIT } from './exits.ts';

export { EXIT };

const FAULT_EXITS = {
  usage: EXIT.usage,
  labels_invalid: EXIT.usage,
  passphrase_missing: EXIT.usage,
  passphrase_unusable: EXIT.usage,
  database_url: EXIT.usage,
  turn_secrets: EXIT.usage,
  member_unknown: EXIT.usage,
  fingerprint_unknown: EXIT.usage,
  relay_address: EXIT.usage,
  file_missing: EXIT.file,
  file_denied: EXIT.file,
  file_unusable: EXIT.file,
  disk_full: EXIT.file,
  replacement_unfinished: EXIT.file,
  recipient_invalid: EXIT.usage,
  backup_key: EXIT.file,
  backup_damaged: EXIT.file,
  backup_newer: EXIT.refused,
  relay_not_empty: EXIT.refused,
  not_confirmed: EXIT.refused,
} as const;

/** Codes of faults that only relay-admin knows; the protocol's own are `ErrorCode`. */
export type FaultCode = keyof typeof FAULT_EXITS;

/** Something the person at the terminal can mend. */
export class UserFault extends Error {
  readonly code: FaultCode;

  /**
   * @param code what is wrong
   * @param message a sentence that says what to do
   */
  constructor(code: FaultCode, message: string) {
    super(message);
    this.name = 'UserFault';
    this.code = code;
  }
}

/** A fault as it is shown. */
export interface ShownFault {
  code: string;
  message: string;
  exit: number;
}

const RELAY_EXITS: readonly (readonly [RegExp, number])[] = [
  [/^(file_exists|circle_mismatch|roster_stale)$/, EXIT.refused],
  [/^(identity_|circle_key_invalid|allowlist_invalid|roster_invalid|roster_update_invalid)/, EXIT.file],
  [/^turn_unavailable$/, EXIT.file],
  [/^unavailable$/, EXIT.database],
];

const SYSTEM_FAULTS: Record<string, readonly [FaultCode, (path: string) => string]> = {
  ENOENT: ['file_missing', (path) => `There is no ${path}.`],
  EACCES: ['file_denied', (path) => `You may not use ${path}. Check its owner and mode.`],
  EPERM: ['file_denied', (path) => `You may not use ${path}. Check its owner and mode.`],
  EROFS: [
    'file_denied',
    (path) =>
      `${path} is on a file system that may only be read. Mount it for writing, or work on a copy elsewhere.`,
  ],
  // Reading one says no path.
  EISDIR: ['file_unusable', (path) => `${path || 'What was given'} is a directory, not a file.`],
  ENOTDIR: ['file_unusable', (path) => `A part of ${path} is a file, not a directory.`],
  ENAMETOOLONG: ['file_unusable', () => 'The name of a file is longer than any can be.'],
  ELOOP: ['file_unusable', (path) => `${path} is a link that leads back to itself.`],
  EBUSY: ['file_unusable', (path) => `${path} is in use. Name a new folder inside it.`],
  ENOSPC: ['disk_full', () => 'The disk is full. Make room and run the command again.'],
  EFBIG: [
    'disk_full',
    () =>
      'The file may not grow: a limit for this user or process is reached. Lift it and run the command again.',
  ],
  EDQUOT: ['disk_full', () => 'Your disk quota is used up. Make room and run the command again.'],
};

function systemFault(error: Error): UserFault | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  // Only file operations carry a path, a full disk or a directory; a refused connection is no file.
  const known = SYSTEM_FAULTS[code ?? ''];
  if (known === undefined || (path === undefined && known[0] !== 'disk_full' && code !== 'EISDIR'))
    return undefined;
  return new UserFault(known[0], known[1](path ?? ''));
}

/**
 * How an error is shown when it is one that the person at the terminal can mend.
 * @returns undefined for a bug
 */
export async function shownFault(error: Error): Promise<ShownFault | undefined> {
  const fault = error instanceof UserFault ? error : systemFault(error);
  if (fault !== undefined) return { code: fault.code, message: fault.message, exit: FAULT_EXITS[fault.code] };
  const { isRelayError } = await import('@relay/protocol/wire');
  if (!isRelayError(error)) return undefined;
  const exit = RELAY_EXITS.find(([pattern]) => pattern.test(error.code))?.[1];
  return exit === undefined ? undefined : { code: error.code, message: error.message, exit };
}
