import { fingerprintOf } from '@relay/protocol/wire';
import type { VerifiedIdentity } from '../services/verify-identity.ts';
import { inspectedJson } from './inspected.ts';

/** What `identities verify --json` prints. */
export function verifiedJson({ identity, allowlist, holds }: VerifiedIdentity, warnings: readonly string[]) {
  const { roster: _roster, ...told } = inspectedJson(identity);
  return { holds, ...told, ...(allowlist === undefined ? {} : { allowlist }), warnings };
}

/** What `identities verify` prints. */
export function verifiedText({ identity, allowlist, holds }: VerifiedIdentity): string {
  const { number, label, keyHash, circleId, serial, wrapped } = identity;
  const line = (good: boolean, right: string, wrong: string) =>
    `  ${good ? 'ok     ' : 'fault  '}${good ? right : wrong}\n`;
  const listed =
    allowlist === undefined
      ? ''
      : line(
          allowlist.isSameCircle,
          'the allowlist is of the same circle',
          'the allowlist is of another circle',
        ) +
        line(
          allowlist.listsKey,
          'the allowlist has its key',
          'the allowlist lacks its key: the relay refuses it',
        ) +
        (allowlist.isSameRoster || !allowlist.isSameCircle
          ? ''
          : '  note   the allowlist and the file’s roster differ in other members: one of them is older\n');
  return `${line(true, 'the file is intact', '')}${line(true, 'its roster is signed by its circle, and lists its keys', '')}${listed}
  number       ${number}
  label        ${label}
  fingerprint  ${fingerprintOf(keyHash)}
  circle       ${fingerprintOf(circleId)}
  roster       serial ${serial}
  passphrase   ${wrapped ? 'yes' : 'no'}
${holds ? '' : '\nA check did not hold.\n'}`;
}
