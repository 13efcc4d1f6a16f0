import * as Flags from '@oclif/core/flags';

/** What `backup` and `restore` have in common. */
export const backupFlags = {
  secrets: Flags.string({
    env: 'RELAY_SECRETS',
    default: '/secrets',
    helpValue: 'FOLDER',
    noCacheDefault: true,
    summary: 'Folder with the volumes of secrets, as the appliance mounts them.',
  }),
  'passphrase-file': Flags.string({
    helpValue: 'FILE',
    summary: 'Holds the passphrase in its first line (- is standard input); without it you are asked.',
  }),
};
