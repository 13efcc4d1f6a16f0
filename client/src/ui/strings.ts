import { callStrings } from './strings/calls.ts';
import { detailsStrings } from './strings/details.ts';
import { filesStrings } from './strings/files.ts';
import { frameStrings } from './strings/frame.ts';
import { groupsStrings } from './strings/groups.ts';
import { identityStrings } from './strings/identity.ts';
import { rosterStrings } from './strings/roster.ts';
import { searchStrings } from './strings/search.ts';
import { settingsStrings } from './strings/settings.ts';
import { threadStrings } from './strings/thread.ts';

/** Every word the UI says, by screen; each file in `strings/` holds those of one part. Texts of faults come from the state, with a title from here. */
export const strings = {
  name: 'Relay',

  /** What the kit says everywhere. */
  kit: { close: 'Close', cancel: 'Cancel', clear: 'Clear', done: 'Done', save: 'Save' },

  ...identityStrings,
  ...frameStrings,
  ...threadStrings,
  ...filesStrings,
  ...groupsStrings,
  ...detailsStrings,
  ...settingsStrings,
  ...rosterStrings,
  ...searchStrings,
  ...callStrings,
} as const;
