import * as Flags from '@oclif/core/flags';
import { passphraseFlag } from './passphrase-flag.ts';

/** What `backup` and `restore` have in common. */
export const backupFlags = {
  secrets: Flags.string({
    env: 'RELAY_SECRETS',
    default: '/secrets',
    helpValue: 'FOLDER',
    noCacheDefault: true,
    summary: 'Folder with the volumes of secrets, as the appliance mounts them.',
  }),
  ...passphraseFlag,
};
