import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { ownTerminal } from '../../terminal/ask.ts';
import { yesFlag } from '../../yes-flag.ts';

const SAID = {
  set: 'The file has a passphrase now. Its former content may still be on the disk: destroy other copies.',
  changed: 'The file has the new passphrase. Copies made before still open with the old one.',
  removed: 'The file has no passphrase any more: whoever holds it is that member.',
  already: 'The file has the new passphrase already. Nothing was changed.',
  unchanged: 'The file has no passphrase. Nothing was changed.',
} as const;

/** `relay-admin identities passphrase`. */
export default class Passphrase extends AdminCommand {
  static override summary = 'Set, change or remove the passphrase of an identity file or circle.key.';
  static override description =
    'The file is wrapped in the age format. It is replaced in one step, after the new one was opened with the new passphrase; ' +
    'an interrupted run leaves one or the other, whole, and can be run again. Nobody can open a file whose passphrase is forgotten.';
  static override examples = [
    {
      description: 'Set or change it: asks for both',
      command: '<%= config.bin %> <%= command.id %> identity-01.bin',
    },
    { description: 'Remove it', command: '<%= config.bin %> <%= command.id %> identity-01.bin --remove' },
    {
      description: 'From a script',
      command:
        '<%= config.bin %> <%= command.id %> identity-01.bin --passphrase-file old.txt --new-passphrase-file new.txt --json',
    },
  ];
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'An identity file or circle.key.',
    }),
  };
  static override flags = {
    'passphrase-file': Flags.string({
      helpValue: 'FILE',
      summary:
        'Holds the present passphrase in its first line (- is standard input); without it you are asked.',
    }),
    'new-passphrase-file': Flags.string({
      helpValue: 'FILE',
      exclusive: ['remove'],
      summary: 'Holds the new passphrase in its first line; without it you are asked twice.',
    }),
    remove: Flags.boolean({ summary: 'Leave the file without a passphrase.' }),
    ...yesFlag,
  };

  async run() {
    const { args, flags } = await this.parse(Passphrase);
    const { looseModes } = await import('../../files/modes.ts');
    const { existingPassphrase, newPassphrase } = await import('../../files/passphrase.ts');
    const { changePassphrase } = await import('../../services/change-passphrase.ts');
    const { confirm } = await import('../../terminal/confirm.ts');

    const warnings = await looseModes([args.file]);
    this.warnOf(warnings);
    const next = flags['new-passphrase-file'];
    const known = next === undefined ? undefined : await newPassphrase(next, ownTerminal);
    const outcome = await changePassphrase({
      path: args.file,
      askPassphrase: () => existingPassphrase(flags['passphrase-file'], ownTerminal),
      async nextPassphrase(wrapped) {
        if (!flags.remove) return known ?? newPassphrase(undefined, ownTerminal);
        if (wrapped)
          await confirm(
            'Without a passphrase, whoever holds the file is that member.\n',
            flags.yes,
            ownTerminal,
          );
        return undefined;
      },
      knownPassphrase: known,
    });
    this.show(`${SAID[outcome]}\n`);
    return { outcome, warnings };
  }
}
