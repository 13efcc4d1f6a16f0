import { AdminCommand } from '../../command.ts';
import { secretsFileFlag } from '../../turn-flags.ts';

/** `relay-admin turn status`. */
export default class Status extends AdminCommand {
  static override summary =
    'Show the secrets that TURN credentials are made with, but for the secrets themselves.';
  static override description =
    'Shows how many are alive, which of them makes new credentials, how old each is and when it dies.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { ...secretsFileFlag };

  async run() {
    const { flags } = await this.parse(Status);
    const { statusJson, statusText } = await import('../../render/turn-secrets.ts');
    const { inspectSecrets } = await import('../../services/turn-secrets.ts');

    const status = await inspectSecrets(flags['secrets-file']);
    this.show(statusText(status));
    return statusJson(status);
  }
}
