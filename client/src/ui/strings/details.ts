/** What the details of a member and of a group say. */
export const detailsStrings = {
  details: {
    title: 'Details',
    number: (number: number) => `Member no. ${number} of the circle`,
    selfNumber: (number: number) => `You, member no. ${number} of the circle`,
    label: (label: string) => `${label} in the roster`,
    you: (name: string) => `${name} (you)`,
    verified: 'Verified',
    former: 'Not in the circle any more',
    formerLead: (name: string) =>
      `${name} was removed from the circle, or has another key now. You can read what is here until it expires, but not write.`,
    toGroup: 'Back to the group',
    fingerprint: 'Fingerprint of the key',
    fingerprintLead: (name: string) =>
      `The same for everyone in the circle: ${name} sees it under their own name. The safety number above is the shorter way to check both of your keys at once.`,
    fingerprintSelf:
      'The same for everyone in the circle. To verify each other, open the details of the other member instead, and compare the safety number.',
    groups: 'Groups with both of you',
    noGroups: 'None yet.',
  },
  nickname: {
    label: 'Nickname',
    hint: (name: string) => `Only for you, in place of “${name}”. Nobody else learns of it.`,
  },
  safety: {
    title: 'Safety number',
    lead: (name: string) =>
      `${name} sees the same 60 digits as you, if each of you has the other’s true key.`,
    verified: 'You verified this key',
    verifiedLead: (name: string) => `If ${name} ever gets a new key, the mark goes away and you are told.`,
    unverified: 'Not verified yet',
    code: (name: string) => `QR code of the safety number with ${name}`,
    steps: (name: string): string[] => [
      `Meet ${name}, or call where you know face and voice.`,
      `${name} opens the details of you, as you opened theirs here.`,
      'Scan the code on the other screen, or read the digits to each other.',
      'All the same: mark as verified. If one digit differs, do not.',
    ],
    mark: 'Mark as verified',
    unmark: 'Remove the mark',
    scan: 'Scan their code',
  },
  scan: {
    title: (name: string) => `Scan the code of ${name}`,
    lead: (name: string) =>
      `Hold ${name}’s screen, with the details of you on it, before the camera. The picture is read on this page and goes nowhere.`,
    video: 'What the camera sees',
    starting: 'Waiting for the camera…',
    looking: 'Looking for a code…',
    foreign: 'This code is not a safety number of Relay. Still looking…',
    match: 'The codes match',
    matchLead: (name: string) =>
      `You have ${name}’s true key, and ${name} has yours. It is marked as verified.`,
    mismatch: 'The codes do not match',
    mismatchLead: (name: string) =>
      `Was it the code of the two of you? ${name} has to open the details of you, not their own. If it was, do not trust this conversation: one of you has a wrong or an old key, or somebody stands between you. Tell the others of your circle, in person.`,
    again: 'Scan again',
    denied: 'The camera is not allowed',
    deniedLead:
      'The browser does not let this page use the camera. Allow it in the address bar and scan again, or compare the digits.',
    missing: 'No camera',
    missingLead: 'The browser finds no camera on this device. Compare the digits instead.',
    failed: 'The camera does not start',
    failedLead: 'Another program may be using it. Close that one and scan again, or compare the digits.',
  },
  group: {
    members: (count: number) => `Members (${count})`,
    rename: 'Rename',
    name: 'Name of the group',
    nameHint: 'Everyone in the group sees it, and who changed it.',
    change: 'Change members',
    leave: 'Leave group',
    leaveTitle: 'Leave this group?',
    leaveLead:
      'The others go on in a new group without you, and are told that you left. You keep what you have until it expires. Only they can take you in again.',
    leaveLeadLast:
      'Nobody is left to go on, so the group ends. You both keep what you have until it expires.',
    continues: (name: string) => `Goes on from “${name}”`,
    continuedBy: (name: string) => `Goes on in “${name}”`,
    left: 'You left this group.',
    removed: 'The others went on without you.',
  },
} as const;
