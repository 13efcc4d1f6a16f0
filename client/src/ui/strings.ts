import { filesStrings } from './strings/files.ts';
import { frameStrings } from './strings/frame.ts';
import { identityStrings } from './strings/identity.ts';
import { threadStrings } from './strings/thread.ts';

/** Every word the UI says, by screen; each file in `strings/` holds those of one part. Texts of faults come from the state, with a title from here. */
export const strings = {
  name: 'Relay',
  listSeparator: ' · ',

  /** What the kit says everywhere. */
  kit: { close: 'Close', cancel: 'Cancel', clear: 'Clear', done: 'Done', save: 'Save' },

  ...identityStrings,
  ...frameStrings,
  ...threadStrings,
  ...filesStrings,
} as const;
