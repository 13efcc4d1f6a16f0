import * as Flags from '@oclif/core/flags';

/** `--database-url`, for every command that works on the relay's database. */
export const databaseFlag = {
  'database-url': Flags.string({
    env: 'DATABASE_URL',
    helpValue: 'URL',
    noCacheDefault: true,
    summary:
      'The relay’s database, postgresql://…. Prefer the variable: other users of the machine see flags.',
  }),
};
