import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { ownTerminal } from '../../terminal/ask.ts';

const LABELS_LIMIT = 65_536;

/** `relay-admin identities generate`. */
export default class Generate extends AdminCommand {
  static override summary = 'Make a circle: one identity file for each member.';
  static override description =
    'Run this on a machine that is not the server, offline if you can. It writes identity-01.bin …, circle.key and ' +
    'allowed-keys-seed.json into a new directory that only you can enter. Nothing is overwritten, and an interrupted run ' +
    'leaves nothing.';
  static override examples = [
    { description: 'Twenty members, in ./identities', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Members with names, one in each line of a file, under a passphrase',
      command: '<%= config.bin %> <%= command.id %> --labels names.txt --passphrase',
    },
    {
      description: 'From a script',
      command:
        '<%= config.bin %> <%= command.id %> --count 5 --out circle --passphrase-file secret.txt --json',
    },
  ];
  static override flags = {
    count: Flags.integer({ min: 2, max: 32, summary: 'Number of members, 2 to 32. [default: 20]' }),
    labels: Flags.string({ helpValue: 'FILE', summary: 'Names the members: one label in each line.' }),
    out: Flags.string({ helpValue: 'DIR', default: './identities', summary: 'Directory to make.' }),
    passphrase: Flags.boolean({
      summary: 'Protect the files by one passphrase: asked twice, or the first line of standard input.',
    }),
    'passphrase-file': Flags.string({
      helpValue: 'FILE',
      summary: 'The same, with the passphrase in the first line of a file (- is standard input).',
    }),
  };

  async run() {
    const { flags } = await this.parse(Generate);
    const { DEFAULT_MEMBERS, numberedLabels, parseLabels } = await import('../../files/labels.ts');
    const { requireNewDirectory } = await import('../../files/new-directory.ts');
    const { newPassphrase } = await import('../../files/passphrase.ts');
    const { readSmallText } = await import('../../files/read-file.ts');
    const { generatedJson, generatedText } = await import('../../render/generated.ts');
    const { progress } = await import('../../render/progress.ts');
    const { generateIdentities } = await import('../../services/generate-identities.ts');

    const labels =
      flags.labels === undefined
        ? numberedLabels(flags.count ?? DEFAULT_MEMBERS)
        : parseLabels(await readSmallText(flags.labels, LABELS_LIMIT), flags.count);
    await requireNewDirectory(flags.out);
    const wanted = flags.passphrase || flags['passphrase-file'] !== undefined;
    const passphrase = wanted ? await newPassphrase(flags['passphrase-file'], ownTerminal) : undefined;
    const onProgress = progress(process.stderr, { keys: 'Making keys', files: 'Preparing files' });
    const circle = await generateIdentities({ directory: flags.out, labels, passphrase, onProgress });
    this.show(generatedText(circle));
    return generatedJson(circle);
  }
}
