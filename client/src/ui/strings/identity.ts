/** What the screens before the conversations say, and titles of faults. */
export const identityStrings = {
  identity: {
    title: 'Open your identity',
    lead: 'Your identity is a small file, usually named identity\u201101.bin or similar, that somebody of your circle gave you in person.',
    drop: 'Drop your identity file here',
    or: 'or',
    choose: 'Choose a file',
    dropHint: 'It is read in this browser and stays in it.',
    facts: [
      [
        'It never leaves this page.',
        'The file is not uploaded, not copied and not remembered. Lock or reload, and it is forgotten.',
      ],
      [
        'It is you.',
        'Whoever has this file can read your messages and write in your name. Keep it as you would a key.',
      ],
      [
        'Nobody can send you a new one.',
        'There is no account and no reset. If it is lost, ask your circle to replace it, in person.',
      ],
    ],
    automatic: 'To have it opened by itself, save it as',
    automaticPath: 'client/public/identity/identity.bin',
    oneFile: 'That was more than one file. Drop only your identity file.',
    tooLarge: 'This file is far too large to be an identity. Choose the one that was handed to you.',
    unreadable: 'The browser could not read this file. Check that it is still there and try again.',
  },
  passphrase: {
    title: 'Enter your passphrase',
    lead: 'This identity file is protected. Its passphrase was chosen when it was made; it stays in this browser too.',
    label: 'Passphrase',
    show: 'Show passphrase',
    hide: 'Hide passphrase',
    open: 'Open',
    other: 'Use another file',
  },
  opening: { title: 'Opening your identity', lead: 'Keys are being derived. This takes a moment.' },
  faultTitles: {
    identity_foreign: 'Not an identity file',
    identity_version: 'Made for another version',
    identity_truncated: 'The file is incomplete',
    identity_corrupt: 'The file is damaged',
    identity_inconsistent: 'Do not use this file',
    identity_passphrase: 'That is not the passphrase',
    circle_mismatch: 'Another circle’s identity',
    text_too_long: 'This text is too long',
  } as Record<string, string | undefined>,
  faultTitle: 'That did not work',
} as const;
