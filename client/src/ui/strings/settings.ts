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
    cover: 'Cover traffic',
    coverHint:
      'Now and then Relay sends blobs that say nothing, and fetches some that nobody wants, so that the relay learns less from when you write. It hides neither a busy hour nor a call. Some 15 MB a day. Off at first.',
    relay: {
      title: 'The way to the relay',
      tls: {
        way: 'Over TLS',
        hides: 'Nobody between you and the relay sees more than that you use it, when, and how much.',
        shows:
          'The relay sees the address that you come from, and when you send and fetch: never what, and it is not told who sends. An onion address, if your operator offers one, hides where you are.',
      },
      onion: {
        way: 'Through the Tor network',
        hides:
          'The relay does not see your address, nor does anybody near you see that you use this relay. The address proves the relay by itself; no certificate is needed.',
        shows:
          'The relay still sees when somebody sends and fetches, and how much. Calls do not take this way: while you are in one, the TURN server sees your address. Browsers that send everything through Tor, such as Tor Browser, make no calls.',
      },
      local: {
        way: 'On this machine',
        hides: 'What goes to the relay leaves this machine only if a tunnel leads on from here.',
        shows: 'If a tunnel does, the relay sees where it ends, and when you send and fetch.',
      },
      plain: {
        way: 'Over plain HTTP',
        hides: 'Messages, files and calls stay sealed all the same.',
        shows:
          'Whoever is on the way sees that you use this relay and when, can act in your name towards it until your session ends, and can keep things from you. Ask your operator for an address with https or .onion.',
      },
    },
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
