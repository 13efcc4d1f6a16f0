import * as Args from '@oclif/core/args';
import { AdminCommand } from '../../command.ts';
import { databaseFlag } from '../../database-flag.ts';
import { ownTerminal } from '../../terminal/ask.ts';
import { yesFlag } from '../../yes-flag.ts';

/** `relay-admin identities revoke`. */
export default class Revoke extends AdminCommand {
  static override summary = 'Take a key off the relay’s allowlist, at once.';
  static override description =
    'Ends the key’s sessions and sockets and deletes its mailbox; the relay answers it as it answers a stranger. The key is named by ' +
    'its fingerprint, whole or as identities list shows it, with or without spaces. Restart nothing. Members still write to the key ' +
    'until identities replace has made a new one and roster publish has told them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0123 4567 89ab cdef',
    {
      description: 'From a script',
      command: '<%= config.bin %> <%= command.id %> 0123456789abcdef --yes --json',
    },
  ];
  // A fingerprint is several words where nobody quotes it.
  static override strict = false;
  static override args = {
    fingerprint: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'At least four groups of its fingerprint.',
    }),
  };
  static override flags = { ...databaseFlag, ...yesFlag };

  async run() {
    const { argv, flags } = await this.parse(Revoke);
    const { revokedJson, revokedText, revokeQuestion } = await import('../../render/allowed-key.ts');
    const { parseFingerprint, revokeKey } = await import('../../services/allowed-key.ts');
    const { withMemberStore } = await import('../../services/member-store.ts');
    const { confirm } = await import('../../terminal/confirm.ts');

    const fingerprint = parseFingerprint(argv.join(' '));
    const revoked = await withMemberStore(flags['database-url'], (store) =>
      revokeKey(store, {
        fingerprint,
        confirm: (member) => confirm(revokeQuestion(member), flags.yes, ownTerminal),
      }),
    );
    this.show(revokedText(revoked));
    return revokedJson(revoked);
  }
}
