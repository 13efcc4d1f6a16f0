import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { UserFault } from '../../faults.ts';
import { ownTerminal } from '../../terminal/ask.ts';
import { yesFlag } from '../../yes-flag.ts';

/** The library's own reading of a number throws what counts as a bug. */
async function memberNumber(text: string): Promise<number> {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UserFault('usage', 'A member is named by its number, such as 7.');
}

/** `relay-admin identities replace`. */
export default class Replace extends AdminCommand {
  static override summary = 'Give a member a new identity file, when the old one is lost or in other hands.';
  static override description =
    'Run this offline, where circle.key is. It writes the new identity file, a new allowed-keys-seed.json, roster-update.bin for the ' +
    'relay to serve, and the new circle.key into a new directory that only you can enter, then puts the new circle.key in the place ' +
    'of the old one. An interrupted run is finished by running the same command again. When the old file is in other hands, first take ' +
    'its key off the relay: identities revoke.';
  static override examples = [
    {
      description: 'Member 3, with circle.key in ./identities and the new files in ./replaced-03',
      command: '<%= config.bin %> <%= command.id %> 3',
    },
    {
      description: 'With circle.key elsewhere, from a script',
      command:
        '<%= config.bin %> <%= command.id %> 3 --circle-key /media/key/circle.key --out new --passphrase-file new.txt --yes --json',
    },
  ];
  static override args = {
    number: Args.integer({
      required: true,
      ignoreStdin: true,
      parse: memberNumber,
      description: 'The member’s number.',
    }),
  };
  static override flags = {
    'circle-key': Flags.string({
      helpValue: 'FILE',
      default: './identities/circle.key',
      summary: 'The circle’s key; it is renewed in its place.',
    }),
    'circle-passphrase-file': Flags.string({
      helpValue: 'FILE',
      summary: 'Holds the passphrase of circle.key in its first line; without it you are asked.',
    }),
    out: Flags.string({ helpValue: 'DIR', summary: 'Directory to make. [default: ./replaced-NN]' }),
    passphrase: Flags.boolean({
      allowNo: true,
      summary:
        'Protect the new identity file by a passphrase, asked twice. Without this flag as circle.key is.',
    }),
    'passphrase-file': Flags.string({
      helpValue: 'FILE',
      summary: 'The same, with the passphrase in the first line of a file (- is standard input).',
    }),
    ...yesFlag,
  };

  async run() {
    const { args, flags } = await this.parse(Replace);
    const { looseModes } = await import('../../files/modes.ts');
    const { existingPassphrase, newPassphrase } = await import('../../files/passphrase.ts');
    const { replacedJson, replacedText, replaceQuestion } = await import('../../render/replaced.ts');
    const { replaceIdentity } = await import('../../services/replace-identity.ts');
    const { confirm } = await import('../../terminal/confirm.ts');

    const warnings = await looseModes([flags['circle-key']]);
    this.warnOf(warnings);
    const file = flags['passphrase-file'];
    const replaced = await replaceIdentity({
      number: args.number,
      circleKeyPath: flags['circle-key'],
      directory: flags.out ?? `./replaced-${String(args.number).padStart(2, '0')}`,
      askPassphrase: () => existingPassphrase(flags['circle-passphrase-file'], ownTerminal),
      async newPassphrase(isWrapped) {
        const wanted = flags.passphrase ?? (file !== undefined || isWrapped);
        return wanted ? newPassphrase(file, ownTerminal) : undefined;
      },
      confirm: (member) => confirm(replaceQuestion(member), flags.yes, ownTerminal),
    });
    this.show(replacedText(replaced));
    return replacedJson(replaced, warnings);
  }
}
