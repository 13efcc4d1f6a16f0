import * as Flags from '@oclif/core/flags';

/** `--secrets-file`, for every command about the secrets that TURN credentials are made with. */
export const secretsFileFlag = {
  'secrets-file': Flags.string({
    env: 'TURN_SECRETS_FILE',
    helpValue: 'FILE',
    noCacheDefault: true,
    summary: 'The secrets that the relay makes TURN credentials with and coturn accepts.',
  }),
};
