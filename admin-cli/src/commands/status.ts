import { AdminCommand } from '../command.ts';
import { databaseFlag } from '../database-flag.ts';
import { EXIT } from '../faults.ts';
import { secretsFileFlag } from '../turn-flags.ts';

/** `relay-admin status`. */
export default class Status extends AdminCommand {
  static override summary = 'Show how the server stands: members, blobs, database, disk, TURN secrets.';
  static override description =
    'Sums alone. Who is there, how many are, and whose mailbox holds what is not shown, and blobs are rounded to two digits, so ' +
    'that watching them does not tell when one came. A part that is away is named, and the others are shown; the exit code is then 6.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { ...databaseFlag, ...secretsFileFlag };

  async run() {
    const { flags } = await this.parse(Status);
    const { statusJson, statusText } = await import('../render/status.ts');
    const { isWhole, serverStatus, statusSources } = await import('../services/status.ts');

    const status = await serverStatus(statusSources(flags['database-url'], flags['secrets-file']));
    this.show(statusText(status));
    if (!isWhole(status)) process.exitCode = EXIT.checks;
    return statusJson(status);
  }
}
