import type { Command } from '@oclif/core/command';

/** A command as a person types it. */
export interface TypedCommand {
  /** Its words, `turn rotate`. */
  words: string;
  /** Its flags, `--json`, sorted. */
  flags: readonly string[];
  /** What may follow a flag, where that is one of a few words. */
  options: Readonly<Record<string, readonly string[]>>;
}

/** The words and flags of every command that is not hidden, sorted. */
export function typedCommands(commands: readonly Command.Loadable[]): TypedCommand[] {
  return commands
    .filter(({ hidden }) => !hidden)
    .map(({ id, flags }) => {
      const shown = Object.values(flags).filter((flag) => !flag.hidden);
      const choices = shown.flatMap((flag) =>
        flag.type === 'option' && flag.options !== undefined
          ? [[`--${flag.name}`, flag.options] as const]
          : [],
      );
      return {
        words: id.replaceAll(':', ' '),
        flags: shown
          .flatMap((flag) =>
            flag.type === 'boolean' && flag.allowNo
              ? [`--${flag.name}`, `--no-${flag.name}`]
              : [`--${flag.name}`],
          )
          .concat('--help')
          .toSorted(),
        options: Object.fromEntries(choices),
      };
    })
    .toSorted((a, b) => (a.words < b.words ? -1 : 1));
}
