import { fingerprintOf } from '@relay/protocol/wire';
import type { GeneratedCircle } from '../services/generate-identities.ts';
import { shortFingerprint } from './fingerprint.ts';
import { counted, table } from './table.ts';

/** What `identities generate --json` prints. */
export function generatedJson(circle: GeneratedCircle) {
  return {
    directory: circle.directory,
    circle: fingerprintOf(circle.circleId),
    passphrase: circle.wrapped,
    circleKey: 'circle.key',
    allowlist: 'allowed-keys-seed.json',
    members: circle.members.map(({ number, label, keyHash, file }) => ({
      number,
      label,
      fingerprint: fingerprintOf(keyHash),
      file,
    })),
  };
}

/** What `identities generate` prints: the members, and what to do with the files. */
export function generatedText(circle: GeneratedCircle): string {
  const rows = circle.members.map(({ file, keyHash, label }) => [file, shortFingerprint(keyHash), label]);
  const count = circle.members.length;
  const cleared =
    circle.leftovers === 0 ? '' : 'The unfinished files of an interrupted run were removed.\n\n';
  const passphrase = circle.wrapped
    ? `One passphrase opens each of the ${count} identity files and circle.key. Tell it to the members in person, not in
writing beside the file; without it a file is lost.`
    : `The files have no passphrase: whoever holds one is that member.`;
  return `${cleared}Made a circle of ${count} in ${circle.directory}

${table(['FILE', 'FINGERPRINT', 'LABEL'], rows)}
  circle      ${fingerprintOf(circle.circleId)}
  files       ${counted(count, 'identity file')}, circle.key, allowed-keys-seed.json

${passphrase}

Next:
  1. Hand each identity-NN.bin to its member in person. It never travels over a network.
  2. Take allowed-keys-seed.json, and nothing else, to the server:
       relay-admin identities seed allowed-keys-seed.json
  3. Keep circle.key offline; it is needed only to replace a member, and whoever has it can.
  4. Keep no copies of the identity files: when all are handed over, destroy what is left here.
`;
}
