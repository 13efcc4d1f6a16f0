import { AdminCommand } from '../../command.ts';
import { configFileArg } from '../../config-file-arg.ts';

/** `relay-admin config show`. */
export default class Show extends AdminCommand {
  static override summary = 'Show every setting in force by .env, with secrets masked.';
  static override description =
    'What the file says, and the default where it says nothing; overrides of compose may still put in others. Secrets, URLs with a password, ' +
    'and values of names that nothing reads are masked, whatever their length. In the appliance, make admin ARGS="config show" hands the file over.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'From standard input', command: '<%= config.bin %> <%= command.id %> - --json < .env' },
  ];
  static override args = configFileArg;

  async run() {
    const { args } = await this.parse(Show);
    const { shownJson, shownText } = await import('../../render/config.ts');
    const { showConfigFile } = await import('../../services/config.ts');

    const settings = await showConfigFile(args.file);
    this.show(shownText(settings));
    return shownJson(settings);
  }
}
