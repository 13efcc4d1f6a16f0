import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { backupFlags } from '../backup-flags.ts';
import { AdminCommand } from '../command.ts';
import { databaseFlag } from '../database-flag.ts';
import { ownTerminal } from '../terminal/ask.ts';

/** `relay-admin restore`. */
export default class Restore extends AdminCommand {
  static override summary = 'Bring a backup into an empty appliance.';
  static override description =
    'The whole file is read and checked first. Then all of it is restored, or nothing: a run that fails changes nothing. One that was killed ' +
    'may leave secrets in their places without the members: running it again ends it. It is refused where anybody is in the relay already, and where the backup is of a newer relay; one of an older relay is brought up to date. Blind ' +
    'tokens that members had drawn are void afterwards, since what was spent meanwhile is not known.';
  static override examples = [
    {
      description: 'Look whether a backup is whole and what is in it',
      command: '<%= config.bin %> <%= command.id %> relay.backup --identity key.txt --check',
    },
    '<%= config.bin %> <%= command.id %> relay.backup --identity key.txt',
  ];
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'A file that `relay-admin backup` made.',
    }),
  };
  static override flags = {
    ...databaseFlag,
    ...backupFlags,
    identity: Flags.string({
      char: 'i',
      helpValue: 'FILE',
      exclusive: ['passphrase-file'],
      summary:
        'Holds the secret key of age (AGE-SECRET-KEY-…), as age-keygen writes it; - is standard input.',
    }),
    'settings-to': Flags.string({
      helpValue: 'FILE',
      summary: 'Write the settings of then there; another file is not overwritten.',
    }),
    check: Flags.boolean({ summary: 'Only read and check it, and say what is in it.' }),
  };

  async run() {
    const { args, flags } = await this.parse(Restore);
    const { existingPassphrase } = await import('../files/passphrase.ts');
    const { readStreamIdentities } = await import('../files/stream-identities.ts');
    const { checkedText, restoredJson, restoredText, summary } = await import('../render/backup.ts');
    const { progress } = await import('../render/progress.ts');
    const { checkBackup, restoreBackup } = await import('../services/restore-backup.ts');
    const { databaseUrlOf } = await import('../services/member-store.ts');

    const key =
      flags.identity === undefined
        ? { passphrase: await existingPassphrase(flags['passphrase-file'], ownTerminal) }
        : { identities: await readStreamIdentities(flags.identity) };
    const report = progress(process.stderr, { check: 'Reading the backup', blobs: 'Restoring blobs' });
    if (flags.check) {
      const { manifest } = await checkBackup(args.file, key, report);
      this.show(checkedText(manifest));
      return summary(manifest);
    }
    const restored = await restoreBackup({
      file: args.file,
      key,
      databaseUrl: await databaseUrlOf(flags['database-url']),
      secrets: flags.secrets,
      settingsTo: flags['settings-to'],
      onProgress: report,
    });
    this.show(restoredText(restored));
    return restoredJson(restored);
  }
}
