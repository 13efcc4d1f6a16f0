import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { backupFlags } from '../backup-flags.ts';
import { AdminCommand } from '../command.ts';
import { databaseFlag } from '../database-flag.ts';
import { ownTerminal } from '../terminal/ask.ts';

/** `relay-admin backup`. */
export default class Backup extends AdminCommand {
  static override summary = 'Write what a new server would need into one sealed file.';
  static override description =
    'Members’ keys, the roster update, the TURN secrets, the onion service’s key and the settings, sealed in the age format; with --include-blobs what the ' +
    'relay stores as well. The relay goes on meanwhile. The file is opened again to its end before it stands under its name, and nothing is overwritten. ' +
    'Never in it: sessions, tickets, tokens, and the passwords of the database, which a new appliance makes for itself.';
  static override examples = [
    {
      description: 'For a key that is not on this server, so that a timer can run it',
      command: '<%= config.bin %> <%= command.id %> relay.backup --recipient age1…',
    },
    {
      description: 'Under a passphrase, which you are asked for',
      command: '<%= config.bin %> <%= command.id %> relay.backup',
    },
  ];
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'Where the backup goes.' }),
  };
  static override flags = {
    ...databaseFlag,
    ...backupFlags,
    recipient: Flags.string({
      char: 'r',
      multiple: true,
      // Else the file after it were taken for one more key.
      multipleNonGreedy: true,
      helpValue: 'KEY',
      exclusive: ['passphrase-file'],
      summary:
        'A public key of age (age1…) that opens it, in place of a passphrase; may be given several times.',
    }),
    settings: Flags.string({ helpValue: 'FILE', summary: 'The appliance’s .env.' }),
    'include-blobs': Flags.boolean({
      summary: 'Also what waits for members. Such a file keeps messages for longer than the relay would.',
    }),
  };

  async run() {
    const { args, flags } = await this.parse(Backup);
    const { requireNoFile } = await import('../files/single-file.ts');
    const { newPassphrase } = await import('../files/passphrase.ts');
    const { backupJson, backupText } = await import('../render/backup.ts');
    const { progress } = await import('../render/progress.ts');
    const { makeBackup } = await import('../services/make-backup.ts');
    const { databaseUrlOf } = await import('../services/member-store.ts');

    // Before a person is asked for a passphrase.
    await requireNoFile(args.file);
    const databaseUrl = await databaseUrlOf(flags['database-url']);
    const lock = flags.recipient
      ? { recipients: flags.recipient }
      : { passphrase: await newPassphrase(flags['passphrase-file'], ownTerminal) };
    const made = await makeBackup({
      file: args.file,
      databaseUrl,
      secrets: flags.secrets,
      settings: flags.settings,
      includeBlobs: flags['include-blobs'],
      lock,
      onProgress: progress(process.stderr, { blobs: 'Sealing blobs', check: 'Opening it again' }),
    });
    this.show(backupText(made));
    return backupJson(made);
  }
}
