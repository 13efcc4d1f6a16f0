import { ERROR_CODES, RelayError } from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import { EXIT, shownFault, UserFault } from '../src/faults.ts';

test('every fault of the protocol that a command can meet has its exit code', async () => {
  const exits: Record<string, number> = {};
  for (const code of ERROR_CODES) {
    const fault = await shownFault(new RelayError(code));
    if (fault !== undefined) exits[code] = fault.exit;
  }
  expect(exits).toEqual({
    unavailable: EXIT.database,
    turn_unavailable: EXIT.file,
    identity_foreign: EXIT.file,
    identity_version: EXIT.file,
    identity_truncated: EXIT.file,
    identity_corrupt: EXIT.file,
    identity_inconsistent: EXIT.file,
    identity_locked: EXIT.file,
    identity_passphrase: EXIT.file,
    circle_key_invalid: EXIT.file,
    allowlist_invalid: EXIT.file,
    roster_invalid: EXIT.file,
    roster_update_invalid: EXIT.file,
    circle_mismatch: EXIT.refused,
    file_exists: EXIT.refused,
    roster_stale: EXIT.refused,
  });
});

test('a fault of relay-admin keeps its sentence', async () => {
  expect(await shownFault(new UserFault('labels_invalid', 'Mend it.'))).toEqual({
    code: 'labels_invalid',
    message: 'Mend it.',
    exit: EXIT.usage,
  });
});

test.each([
  ['ENOENT', 'file_missing'],
  ['EACCES', 'file_denied'],
  ['EROFS', 'file_denied'],
  ['ENOTDIR', 'file_unusable'],
  ['ENOSPC', 'disk_full'],
])('the system says %s of a file: %s', async (code, expected) => {
  const error = Object.assign(new Error(code), { code, path: '/somewhere' });
  expect(await shownFault(error)).toMatchObject({ code: expected });
});

test('anything else is a bug', async () => {
  expect(await shownFault(new TypeError('oops'))).toBeUndefined();
  expect(await shownFault(new RelayError('internal'))).toBeUndefined();
  expect(await shownFault(Object.assign(new Error('no file'), { code: 'ENOENT' }))).toBeUndefined();
});
