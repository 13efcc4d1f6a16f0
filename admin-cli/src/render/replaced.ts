import { fingerprintOf } from '@relay/protocol/wire';
import type { ReplacedIdentity } from '../services/replace-identity.ts';

/** The question before a member is replaced. */
export function replaceQuestion(member: { number: number; label: string; keyHash: Uint8Array }): string {
  return `Member ${member.number}, “${member.label}”, with the key ${fingerprintOf(member.keyHash)}, gets a new key.
Once the update is published, the others write to the new key alone, and the old identity file is worth nothing to its holder but for what it
received. circle.key is renewed; its older copies must not be used again.
`;
}

/** What `identities replace --json` prints. */
export function replacedJson(replaced: ReplacedIdentity, warnings: readonly string[]) {
  return {
    outcome: replaced.outcome,
    directory: replaced.directory,
    number: replaced.number,
    label: replaced.label,
    fingerprint: fingerprintOf(replaced.keyHash),
    revoke: replaced.before === undefined ? null : fingerprintOf(replaced.before),
    circle: fingerprintOf(replaced.circleId),
    serial: replaced.serial,
    passphrase: replaced.wrapped,
    file: replaced.file,
    circleKey: replaced.circleKeyPath,
    allowlist: 'allowed-keys-seed.json',
    rosterUpdate: 'roster-update.bin',
    warnings,
  };
}

const OUTCOMES: Record<ReplacedIdentity['outcome'], string> = {
  made: 'has a new key',
  resumed: 'has a new key: an interrupted run was finished',
  done: 'had this new key already: nothing was changed. For another one, name a new --out',
};

/** What `identities replace` prints: what was made, and what to do with it. */
export function replacedText(replaced: ReplacedIdentity): string {
  const old = replaced.before === undefined ? '' : `  old key      ${fingerprintOf(replaced.before)}\n`;
  const secret = replaced.wrapped
    ? 'The new file has a passphrase.'
    : 'The new file has no passphrase: whoever holds it is that member.';
  return `Member ${replaced.number}, “${replaced.label}”, ${OUTCOMES[replaced.outcome]}.

  files        ${replaced.directory}
${old}  new key      ${fingerprintOf(replaced.keyHash)}
  circle       ${fingerprintOf(replaced.circleId)}
  roster       serial ${replaced.serial}
  circle.key   renewed: ${replaced.circleKeyPath}

${secret}

Next:
  1. Take allowed-keys-seed.json and roster-update.bin, and nothing else, to the server:
       relay-admin identities seed allowed-keys-seed.json --prune
       relay-admin roster publish roster-update.bin
     The first lets the new key in and revokes the old one, whose mailbox goes with it.
  2. Hand ${replaced.file} to its member in person. The others need nothing: their clients fetch the update.
  3. Put the new circle.key in the place of every other copy. A replacement made with an old one is refused by members.
  4. When the file is handed over, destroy what is left here.
`;
}
