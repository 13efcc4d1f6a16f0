import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { EXIT } from '../../faults.ts';
import { passphraseFlag } from '../../passphrase-flag.ts';
import { ownTerminal } from '../../terminal/ask.ts';

/** `relay-admin identities verify`. */
export default class Verify extends AdminCommand {
  static override summary = 'Verify an identity file against its signature, and against the allowlist.';
  static override description =
    'Checks that the file is intact, that its circle signed the roster in it, and that the roster lists its keys; with --allowlist also ' +
    'that the relay will serve it. Exit code 3 when the file does not hold, 6 when the allowlist is of another circle or lacks the key. ' +
    'Warns when others of the machine may read the file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> identity-01.bin',
    '<%= config.bin %> <%= command.id %> identity-01.bin --allowlist allowed-keys-seed.json --json',
  ];
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'An identity file.' }),
  };
  static override flags = {
    allowlist: Flags.string({ helpValue: 'FILE', summary: 'The allowed-keys-seed.json that the relay has.' }),
    ...passphraseFlag,
  };

  async run() {
    const { args, flags } = await this.parse(Verify);
    const { looseModes } = await import('../../files/modes.ts');
    const { existingPassphrase } = await import('../../files/passphrase.ts');
    const { ALLOWLIST_LIMIT, IDENTITY_LIMIT, readSmallFile, readSmallText } = await import(
      '../../files/read-file.ts'
    );
    const { verifiedJson, verifiedText } = await import('../../render/verified.ts');
    const { verifyIdentity } = await import('../../services/verify-identity.ts');

    const file = await readSmallFile(args.file, IDENTITY_LIMIT);
    const text =
      flags.allowlist === undefined ? undefined : await readSmallText(flags.allowlist, ALLOWLIST_LIMIT);
    const askPassphrase = () => existingPassphrase(flags['passphrase-file'], ownTerminal);
    const verified = await verifyIdentity(file, askPassphrase, text);
    const warnings = await looseModes([args.file]);
    this.warnOf(warnings);
    this.show(verifiedText(verified));
    if (!verified.holds) process.exitCode = EXIT.checks;
    return verifiedJson(verified, warnings);
  }
}
