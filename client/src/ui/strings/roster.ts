/** What is said of updates of the roster, and of an absence. */
export const rosterStrings = {
  roster: {
    title: 'The circle has changed',
    lead: (serial: number) =>
      `Roster no. ${serial} is in use now, signed with the key of the circle. Messages go by it from here on.`,
    replaced: (name: string) => `${name} has a new key`,
    replacedLead:
      'The old key was lost or replaced. Compare safety numbers again when you meet: until then you rely on whoever keeps the key of the circle.',
    added: (name: string) => `${name} is new`,
    addedLead: 'Can write to you, and you to them. Groups stay as they are.',
    removed: (name: string) => `${name} was removed`,
    removedLead: 'Can no longer read what is written from now on, and keeps what was received before.',
    file: 'Your identity file still lists the circle as it was. A new one includes the change, so that you do not depend on the relay for it.',
    save: 'Save a new identity file…',
    dismiss: 'Got it',
  },
  held: {
    title: 'Nothing is sent for now.',
    ask: 'Ask again',
  },
  absence: {
    lead: (days: number) =>
      `You were away for ${days === 1 ? '1 day' : `${days} days`}. Messages live for 60 to 108 hours, so some may have expired before you could read them.`,
    dismiss: 'Got it',
  },
} as const;
