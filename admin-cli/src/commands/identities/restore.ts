import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { databaseFlag } from '../../database-flag.ts';

/** `relay-admin identities restore`. */
export default class Restore extends AdminCommand {
  static override summary = 'Put a revoked key back on the relay’s allowlist.';
  static override description =
    'The relay forgets a key that is revoked, so the key comes from allowed-keys-seed.json. Its mailbox is empty: what it held was ' +
    'deleted when the key was revoked. Running it again changes nothing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0123 4567 89ab cdef --allowlist allowed-keys-seed.json',
    {
      description: 'Over a secure shell, without leaving the file on the server',
      command:
        'ssh server <%= config.bin %> <%= command.id %> 0123456789abcdef --allowlist - < allowed-keys-seed.json',
    },
  ];
  static override strict = false;
  static override args = {
    fingerprint: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'At least four groups of its fingerprint.',
    }),
  };
  static override flags = {
    ...databaseFlag,
    allowlist: Flags.string({
      required: true,
      helpValue: 'FILE',
      summary: 'An allowed-keys-seed.json that lists the key, or - for standard input.',
    }),
  };

  async run() {
    const { argv, flags } = await this.parse(Restore);
    const { ALLOWLIST_LIMIT, readSmallText } = await import('../../files/read-file.ts');
    const { restoredJson, restoredText } = await import('../../render/allowed-key.ts');
    const { parseFingerprint, restoreKey } = await import('../../services/allowed-key.ts');
    const { withMemberStore } = await import('../../services/member-store.ts');

    const fingerprint = parseFingerprint(argv.join(' '));
    const text = await readSmallText(flags.allowlist, ALLOWLIST_LIMIT);
    const restored = await withMemberStore(flags['database-url'], (store) =>
      restoreKey(store, { fingerprint, text }),
    );
    this.show(restoredText(restored));
    return restoredJson(restored);
  }
}
