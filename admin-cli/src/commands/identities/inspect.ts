import * as Args from '@oclif/core/args';
import { AdminCommand } from '../../command.ts';
import { passphraseFlag } from '../../passphrase-flag.ts';
import { ownTerminal } from '../../terminal/ask.ts';

/** `relay-admin identities inspect`. */
export default class Inspect extends AdminCommand {
  static override summary = 'Verify an identity file and show what is in it, but for its secrets.';
  static override description =
    'Checks the frame, the roster’s signature and that the keys are the ones the roster lists. Shows number, label, ' +
    'fingerprints and the roster; never a secret. Compare the fingerprints with those in another file of the same circle.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> identities/identity-01.bin',
    '<%= config.bin %> <%= command.id %> identity-01.bin --passphrase-file secret.txt --json',
  ];
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'An identity file.' }),
  };
  static override flags = passphraseFlag;

  async run() {
    const { args, flags } = await this.parse(Inspect);
    const { existingPassphrase } = await import('../../files/passphrase.ts');
    const { IDENTITY_LIMIT, readSmallFile } = await import('../../files/read-file.ts');
    const { inspectedJson, inspectedText } = await import('../../render/inspected.ts');
    const { inspectIdentity } = await import('../../services/inspect-identity.ts');

    const file = await readSmallFile(args.file, IDENTITY_LIMIT);
    const askPassphrase = () => existingPassphrase(flags['passphrase-file'], ownTerminal);
    const identity = await inspectIdentity(file, askPassphrase);
    this.show(inspectedText(identity));
    return inspectedJson(identity);
  }
}
