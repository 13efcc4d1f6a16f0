/** What the settings say. */
export const settingsStrings = {
  settings: {
    title: 'Settings',
    appearance: 'Appearance',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    privacy: 'Privacy',
    receipts: 'Read receipts',
    receiptsHint:
      'Tells those who wrote to you that you read it, and shows you who read what you wrote, if they tell it too. The relay cannot read them, but can guess from their sending when you read. Off at first.',
    keep: 'Keep small settings on this device',
    keepHint:
      'Nicknames, verified marks, what you have read and updates of the roster; never messages. They are kept as ciphertext that only your identity file opens. Switching this off removes them from this device at once.',
    identity: 'Identity file',
    serial: (serial: number) => `Roster no. ${serial}`,
    serialLead: 'The list of members that is in use. Everyone in the circle should see the same number.',
    newer: 'Your identity file is older than this',
    newerLead:
      'It lists the circle as it was before. Save a new one, so that you do not depend on the relay to serve the update again.',
    save: 'Save a new identity file…',
    panic: 'In an emergency',
    panicLead:
      'Ends all your sessions and empties your mailbox. For when somebody else may have your identity file, or a browser where you opened it.',
    panicButton: 'Panic…',
  },
  saveIdentity: {
    title: 'Save a new identity file',
    lead: 'It holds your key and the list of members in use now. Whoever has it can read your messages and write in your name.',
    passphrase: 'Passphrase (optional)',
    passphraseHint: 'Asked for each time that the file is opened. It cannot be reset.',
    repeat: 'Passphrase again',
    differs: 'The two are not the same.',
    bare: 'Without a passphrase, the file alone is enough to be you.',
    save: 'Save identity.bin',
    file: 'identity.bin',
    saved: 'A new identity file was made',
    savedLead:
      'Your browser saves it as identity.bin among its downloads. Move it to where your old one is kept, try it once, then delete the old one. It holds the same key.',
  },
  panic: {
    title: 'End all sessions and empty your mailbox?',
    lead: 'This cannot be undone.',
    does: 'This will',
    doesItems: [
      'end every session of yours, in every browser',
      'delete all that waits for you at the relay, read or not',
      'remove what this device keeps: unsent messages and small settings',
      'lock this page',
    ],
    doesNot: 'This will not',
    doesNotItems: [
      'take back what you sent: others keep what they received',
      'make your identity file useless: whoever has it can open a new session. Ask the operator of the relay to revoke your key, and your circle to replace it',
    ],
    confirm: 'End and empty everything',
  },
} as const;
