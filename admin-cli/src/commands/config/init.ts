import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { askLine, canAsk, ownTerminal } from '../../terminal/ask.ts';
import { yesFlag } from '../../yes-flag.ts';

/** Stands for standard output. */
const STDOUT = '-';

/** `relay-admin config init`. */
export default class Init extends AdminCommand {
  static override summary = 'Write a .env to begin with.';
  static override description =
    'From flags; what they leave open is asked for at a terminal. Everything else has a default (docs/settings.md). It holds no secret. ' +
    'What is there is overwritten only with --yes, or by who answers so. make up DOMAIN=… changes single settings of a file that is there. ' +
    'In the appliance, whose containers write no file there: make admin ARGS="config init --domain … --out -" > .env';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --domain relay.example.org',
    {
      description: 'Behind a NAT, onto standard output',
      command:
        '<%= config.bin %> <%= command.id %> --domain relay.example.org --external-ip 203.0.113.7 --out -',
    },
  ];
  static override flags = {
    ...yesFlag,
    domain: Flags.string({ helpValue: 'NAME', summary: 'Domain that members dial, with TLS.' }),
    'external-ip': Flags.string({
      helpValue: 'ADDRESS',
      summary: 'Address at which members reach calls, where a NAT is in front.',
    }),
    'existing-proxy': Flags.string({
      dependsOn: ['domain'],
      helpValue: 'NETWORK',
      summary: 'host, or the Docker network of a web server that is there and passes requests on.',
    }),
    'turn-ports': Flags.boolean({ summary: 'Publish TURN ports, where Docker gives no host networking.' }),
    onion: Flags.boolean({ summary: 'Serve an onion service too.' }),
    'mailbox-blobs': Flags.integer({
      min: 32,
      helpValue: 'N',
      summary: 'Blobs of 64 KiB that one mailbox may hold.',
    }),
    out: Flags.string({
      default: '.env',
      helpValue: 'FILE',
      summary: 'Where to write it; - for standard output.',
    }),
  };

  async run() {
    const { flags } = await this.parse(Init);
    const { newConfig, writeConfig } = await import('../../services/config.ts');
    const { confirm } = await import('../../terminal/confirm.ts');

    const asks = canAsk(ownTerminal) && !this.jsonEnabled();
    const answer = async (given: string | undefined, question: string) =>
      (given ?? (asks ? await askLine(question, ownTerminal) : '')).trim() || undefined;
    const text = newConfig({
      domain: (await answer(flags.domain, 'Domain that members dial (empty for none): '))?.toLowerCase(),
      externalIp: await answer(
        flags['external-ip'],
        'Address that members reach, if a NAT is in front (empty for none): ',
      ),
      existingProxy: flags['existing-proxy'],
      turnPorts: flags['turn-ports'],
      onion: flags.onion,
      mailboxBlobs: flags['mailbox-blobs'],
    });
    if (flags.out === STDOUT) {
      this.show(text);
      return { file: null, text };
    }
    const file = await writeConfig(flags.out, text, (place) =>
      confirm(`${place} is there already, and would be overwritten.\n`, flags.yes, ownTerminal),
    );
    this.show(`Wrote ${file}. Next: make up\n`);
    return { file, text };
  }
}
