import * as Flags from '@oclif/core/flags';

/** `--yes`, for every command that asks before it does what cannot be undone. */
export const yesFlag = {
  yes: Flags.boolean({ char: 'y', summary: 'Do not ask before going on.' }),
};
