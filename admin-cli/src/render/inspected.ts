import { fingerprintOf } from '@relay/protocol/wire';
import type { InspectedIdentity } from '../services/inspect-identity.ts';
import { table } from './table.ts';

/** What `identities inspect --json` prints. */
export function inspectedJson(identity: InspectedIdentity) {
  return {
    number: identity.number,
    label: identity.label,
    fingerprint: fingerprintOf(identity.keyHash),
    circle: fingerprintOf(identity.circleId),
    serial: identity.serial,
    passphrase: identity.wrapped,
    roster: identity.members.map(({ number, label, keyHash }) => ({
      number,
      label,
      fingerprint: fingerprintOf(keyHash),
    })),
  };
}

/** What `identities inspect` prints. */
export function inspectedText(identity: InspectedIdentity): string {
  const rows = identity.members.map(({ number, keyHash, label }) => [
    String(number).padStart(2, '0'),
    fingerprintOf(keyHash),
    label,
  ]);
  return `The file is intact, signed by its circle, and its keys are the ones the roster lists.

  number       ${identity.number}
  label        ${identity.label}
  fingerprint  ${fingerprintOf(identity.keyHash)}
  circle       ${fingerprintOf(identity.circleId)}
  roster       serial ${identity.serial}, ${identity.members.length} members
  passphrase   ${identity.wrapped ? 'yes' : 'no'}

${table(['NO', 'FINGERPRINT', 'LABEL'], rows)}`;
}
