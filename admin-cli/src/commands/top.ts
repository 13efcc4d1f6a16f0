import * as Flags from '@oclif/core/flags';
import { AdminCommand } from '../command.ts';
import { databaseFlag } from '../database-flag.ts';
import { EXIT, UserFault } from '../faults.ts';
import { secretsFileFlag } from '../turn-flags.ts';

/** `relay-admin top`. */
export default class Top extends AdminCommand {
  static override summary = 'Show what status shows, again and again.';
  static override description =
    'Until Ctrl-C, or as often as --count says. It goes on while a part is away. With --json, which needs --count, the last state is printed, once.';
  static override examples = [
    {
      description: 'Twice, two seconds apart',
      command: '<%= config.bin %> <%= command.id %> --every 2 --count 2',
    },
  ];
  static override flags = {
    ...databaseFlag,
    ...secretsFileFlag,
    every: Flags.integer({
      default: 10,
      min: 2,
      max: 3_600,
      helpValue: 'SECONDS',
      summary: 'Time between two looks.',
    }),
    count: Flags.integer({ min: 1, helpValue: 'N', summary: 'Looks before it ends.' }),
  };

  async run() {
    const { flags } = await this.parse(Top);
    if (this.jsonEnabled() && flags.count === undefined) {
      throw new UserFault(
        'usage',
        'With --json it prints when it ends: say after how many looks, by --count.',
      );
    }
    const { setTimeout: sleep } = await import('node:timers/promises');
    const { statusJson, statusText, topFrame } = await import('../render/status.ts');
    const { isWhole, serverStatus, statusSources } = await import('../services/status.ts');

    const sources = statusSources(flags['database-url'], flags['secrets-file']);
    // Whoever was reading may go away, as `head` does; what is written then never ends.
    process.stdout.once('error', () => process.exit(EXIT.done));
    for (let look = 1; ; look++) {
      const status = await serverStatus(sources);
      const text = statusText(status);
      this.show(process.stdout.isTTY ? topFrame(text, look, flags.every) : `${text}\n`);
      if (look === flags.count) {
        if (!isWhole(status)) process.exitCode = EXIT.checks;
        return statusJson(status);
      }
      await sleep(flags.every * 1_000);
    }
  }
}
