import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../../command.ts';
import { EXIT } from '../../faults.ts';
import { secretsFileFlag } from '../../turn-flags.ts';

const PORT = { min: 1, max: 65_535, helpValue: 'PORT', noCacheDefault: true } as const;

/** `relay-admin turn test`. */
export default class Test extends AdminCommand {
  static override summary = 'Test the TURN server as members use it, and as attackers would.';
  static override description =
    'Makes credentials with the relay’s own secrets, allocates over each transport, sends media between two allocations ' +
    'through the addresses that members reach and checks each byte, and sees that strangers, expired credentials and peers ' +
    'inside the server’s network are refused. Exits with 0 only when every check held. From the ' +
    'server itself no firewall stands in the way: whether others reach the ports it cannot tell there.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --host relay.example.org',
    {
      description: 'With TLS by an authority of your own',
      command: '<%= config.bin %> <%= command.id %> --host relay.example.org --tls-port 5349 --ca ca.pem',
    },
    {
      description: 'Over TCP alone, for a script',
      command: '<%= config.bin %> <%= command.id %> --host 192.0.2.1 --transport tcp --json',
    },
  ];
  static override flags = {
    ...secretsFileFlag,
    host: Flags.string({
      env: 'TURN_HOST',
      noCacheDefault: true,
      helpValue: 'HOST',
      summary: 'Name or address of the server, as members have it.',
    }),
    port: Flags.integer({
      ...PORT,
      env: 'TURN_PORT',
      default: 3_478,
      summary: 'For UDP and TCP.',
    }),
    'tls-port': Flags.integer({
      ...PORT,
      env: 'TURNS_PORT',
      summary: 'For TLS; 5349 unless told.',
    }),
    transport: Flags.option({
      options: ['udp', 'tcp', 'tls'] as const,
      multiple: true,
      multipleNonGreedy: true,
      summary: 'May be given again. All unless told; tls only with --tls-port.',
    })(),
    ca: Flags.string({
      exclusive: ['insecure-ca'],
      helpValue: 'FILE',
      summary: 'Authorities to trust for TLS instead of the system’s, as PEM.',
    }),
    'insecure-ca': Flags.boolean({ summary: 'Take any certificate, for a server that is being set up.' }),
  };

  async run() {
    const { flags } = await this.parse(Test);
    const { checkLine, reportJson, summaryText } = await import('../../render/turn-test.ts');
    const { readTarget } = await import('../../services/turn-target.ts');
    const { testTurn } = await import('../../turn-test/index.ts');

    const target = await readTarget({
      secretsFile: flags['secrets-file'],
      host: flags.host,
      port: flags.port,
      tlsPort: flags['tls-port'],
      transports: flags.transport,
      caFile: flags.ca,
      insecure: flags['insecure-ca'],
    });
    const checks = await testTurn(target, (check) => this.show(checkLine(check)));
    this.show(summaryText(checks));
    if (checks.some(({ held }) => !held)) process.exitCode = EXIT.checks;
    return reportJson(checks);
  }
}
