import { AdminCommand } from '../../command.ts';
import { configFileArg } from '../../config-file-arg.ts';
import { EXIT } from '../../faults.ts';

/** `relay-admin config check`. */
export default class Check extends AdminCommand {
  static override summary = 'Check the settings in .env: names, values, what is missing, what is weak.';
  static override description =
    'Tells of lines that are no setting, names that nothing reads (with the one that was probably meant), names that have changed, values ' +
    'that cannot be used, settings that others need, what weakens the system, and settings that came with an upgrade. Exits with 6 when ' +
    'there is a fault. In the appliance, make admin ARGS="config check" hands the file over.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'From standard input', command: '<%= config.bin %> <%= command.id %> - < .env' },
  ];
  static override args = configFileArg;

  async run() {
    const { args } = await this.parse(Check);
    const { checkedJson, checkedText } = await import('../../render/config.ts');
    const { checkConfigFile } = await import('../../services/config.ts');

    const findings = await checkConfigFile(args.file);
    this.show(checkedText(args.file === '-' ? 'Standard input' : args.file, findings));
    if (findings.some(({ level }) => level === 'fault')) process.exitCode = EXIT.checks;
    return checkedJson(findings);
  }
}
