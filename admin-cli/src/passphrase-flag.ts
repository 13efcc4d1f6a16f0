import * as Flags from '@oclif/core/flags';

/** `--passphrase-file`, for every command that opens what may have a passphrase. */
export const passphraseFlag = {
  'passphrase-file': Flags.string({
    helpValue: 'FILE',
    summary: 'Holds the passphrase in its first line (- is standard input); without it you are asked.',
  }),
};
