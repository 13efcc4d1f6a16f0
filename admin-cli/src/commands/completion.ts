import { AdminCommand } from '../command.ts';

/** `relay-admin completion`. */
export default class Completion extends AdminCommand {
  static override summary = 'Print a script by which bash and zsh complete commands and flags.';
  static override description =
    'The script holds the whole tree of commands, so that pressing Tab starts no ' +
    'program; load it again after an upgrade. It completes `relay-admin`, wherever that is in your PATH.';
  static override examples = [
    {
      description: 'For this shell',
      command: 'source <(<%= config.bin %> <%= command.id %>)',
    },
    {
      description: 'For every shell from now on',
      command: '<%= config.bin %> <%= command.id %> >> ~/.bashrc',
    },
    {
      description: 'For zsh, which has to be told to understand scripts of bash',
      command:
        '(echo "autoload -Uz compinit bashcompinit; compinit; bashcompinit"; <%= config.bin %> <%= command.id %>) >> ~/.zshrc',
    },
  ];

  async run() {
    await this.parse(Completion);
    const { completionScript } = await import('../render/completion.ts');
    const { typedCommands } = await import('../tree/words.ts');

    const script = completionScript(this.config.bin, typedCommands(this.config.commands));
    this.show(script);
    return { script };
  }
}
