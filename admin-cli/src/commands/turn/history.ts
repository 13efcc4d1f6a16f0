import { AdminCommand } from '../../command.ts';
import { secretsFileFlag } from '../../turn-flags.ts';

/** `relay-admin turn history`. */
export default class History extends AdminCommand {
  static override summary = 'Show on which days there were new TURN secrets, and why.';
  static override description =
    'The first, those by the worker’s schedule, and those by turn rotate; the last 104. Days are all that is kept: neither a time, nor anything ' +
    'of the secrets themselves.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { ...secretsFileFlag };

  async run() {
    const { flags } = await this.parse(History);
    const { historyJson, historyText } = await import('../../render/turn-history.ts');
    const { turnHistory } = await import('../../services/turn-history.ts');

    const history = await turnHistory(flags['secrets-file']);
    this.show(historyText(history));
    return historyJson(history);
  }
}
