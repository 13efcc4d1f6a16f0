import * as Args from '@oclif/core/args';

/** The file that every command about settings reads. */
export const configFileArg = {
  file: Args.string({
    default: '.env',
    ignoreStdin: true,
    description: 'The file, .env unless told; - for standard input.',
  }),
};
