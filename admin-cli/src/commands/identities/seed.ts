import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { databaseFlag } from '../../database-flag.ts';
import { UserFault } from '../../faults.ts';
import type { StoredMember } from '../../services/member-store.ts';
import { canAsk, ownTerminal, requireYes } from '../../terminal/ask.ts';

/** `relay-admin identities seed`. */
export default class Seed extends AdminCommand {
  static override summary = 'Tell the relay whom to serve.';
  static override description =
    'Adds the keys of allowed-keys-seed.json to the relay’s database. Running it again changes nothing. The first file binds ' +
    'the relay to its circle; the file of another circle is refused. Nobody is removed unless --prune says so.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> allowed-keys-seed.json',
    {
      description: 'Over a secure shell, without leaving the file on the server',
      command: 'ssh server <%= config.bin %> <%= command.id %> - < allowed-keys-seed.json',
    },
    {
      description: 'Also remove members that are no longer in the file, with their mailboxes',
      command: '<%= config.bin %> <%= command.id %> allowed-keys-seed.json --prune',
    },
  ];
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'allowed-keys-seed.json, or - for standard input.',
    }),
  };
  static override flags = {
    ...databaseFlag,
    prune: Flags.boolean({ summary: 'Remove members that the file lacks, and delete their mailboxes.' }),
    yes: Flags.boolean({ char: 'y', dependsOn: ['prune'], summary: 'Do not ask before removing.' }),
  };

  async run() {
    const { args, flags } = await this.parse(Seed);
    const { ALLOWLIST_LIMIT, readSmallText, STDIN } = await import('../../files/read-file.ts');
    const { pruneQuestion, seededJson, seededText } = await import('../../render/seeded.ts');
    const { withMemberStore } = await import('../../services/member-store.ts');
    const { seedAllowlist } = await import('../../services/seed-allowlist.ts');

    if (flags.prune && !flags.yes && (args.file === STDIN || !canAsk(ownTerminal))) {
      throw new UserFault(
        'not_confirmed',
        'There is nobody to ask. Add --yes to remove members. Nothing was done.',
      );
    }
    const text = await readSmallText(args.file, ALLOWLIST_LIMIT);
    const confirmPrune = async (extra: readonly StoredMember[]) => {
      if (!flags.yes) await requireYes(pruneQuestion(extra), ownTerminal);
    };
    const seeded = await withMemberStore(flags['database-url'], (store) =>
      seedAllowlist(store, { text, prune: flags.prune, confirmPrune }),
    );
    this.show(seededText(seeded));
    return seededJson(seeded);
  }
}
