import type { Command } from '@oclif/core/command';

/** An example of a command. */
export interface Example {
  /** What it is for. */
  description: string | undefined;
  /** What a person types: a line for `sh`. */
  line: string;
}

/** A command's examples, with the words of the command put in. */
export function examplesOf(command: Pick<Command.Loadable, 'id' | 'examples'>, bin: string): Example[] {
  const filled = (text: string) =>
    text
      .replaceAll('<%= config.bin %>', bin)
      .replaceAll('<%= command.id %>', command.id.replaceAll(':', ' '));
  return (command.examples ?? []).map((example) =>
    typeof example === 'string'
      ? { description: undefined, line: filled(example) }
      : { description: example.description, line: filled(example.command) },
  );
}
