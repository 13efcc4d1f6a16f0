import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { passphraseFlag } from '../../passphrase-flag.ts';
import { ownTerminal } from '../../terminal/ask.ts';

/** `relay-admin identities print`. */
export default class Print extends AdminCommand {
  static override summary = 'Make a sheet to hand over with each identity file.';
  static override description =
    'Verifies the files and writes one HTML page that needs nothing else, a sheet for each member: number, label, fingerprints of key ' +
    'and circle, the relay’s address, both also as QR codes, and what to do. No secret is on it. It ties names to keys, so it does not ' +
    'belong on the server, and the member destroys it after comparing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> identities/identity-01.bin --relay https://relay.example.org',
    {
      description: 'Everybody’s',
      command:
        '<%= config.bin %> <%= command.id %> identities/identity-*.bin --relay https://relay.example.org --out sheets.html',
    },
  ];
  static override strict = false;
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'Identity files of one circle.' }),
  };
  static override flags = {
    relay: Flags.string({
      required: true,
      helpValue: 'URL',
      summary: 'The relay’s address, as members enter it.',
    }),
    out: Flags.string({
      helpValue: 'FILE',
      default: './handover.html',
      summary: 'File to write; never overwritten.',
    }),
    ...passphraseFlag,
  };

  async run() {
    const { argv, flags } = await this.parse(Print);
    const { looseModes } = await import('../../files/modes.ts');
    const { existingPassphrase } = await import('../../files/passphrase.ts');
    const { IDENTITY_LIMIT, readSmallFile } = await import('../../files/read-file.ts');
    const { writeSingleFile } = await import('../../files/single-file.ts');
    const { handoverHtml, printedJson, printedText } = await import('../../render/handover.ts');
    const { handoverPages, isRefusedByClients, relayOrigin } = await import('../../services/handover.ts');

    const relay = relayOrigin(flags.relay);
    const paths = argv.map(String);
    const warnings = await looseModes(paths);
    if (isRefusedByClients(relay))
      warnings.push('Clients refuse plain HTTP unless VITE_ALLOW_INSECURE_RELAY=true. Use https.');
    const files = [];
    for (const path of paths) files.push(await readSmallFile(path, IDENTITY_LIMIT));
    const pages = await handoverPages(files, relay, () =>
      existingPassphrase(flags['passphrase-file'], ownTerminal),
    );
    const path = await writeSingleFile(flags.out, new TextEncoder().encode(handoverHtml(pages)));
    this.warnOf(warnings);
    this.show(printedText(path, pages));
    return printedJson(path, pages, warnings);
  }
}
