import * as Flags from '@oclif/core/flags';

/** `--database-url`, for every command that works on the relay's database. */
export const databaseFlag = {
  'database-url': Flags.string({
    env: 'DATABASE_URL',
    helpValue: 'URL',
    noCacheDefault: true,
    summary:
      'The relay’s database, postgresql://…. Prefer the variable, or DATABASE_URL_FILE with the path of a file that holds it: other users of the machine see flags.',
  }),
};
