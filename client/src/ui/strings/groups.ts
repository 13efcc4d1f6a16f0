/** What the dialogue says that makes or changes a group. */
export const groupsStrings = {
  groupDialog: {
    create: 'New group',
    createLead:
      'What is written here is sealed for each member on its own. The relay does not learn that there is a group.',
    change: 'Change members',
    changeLead:
      'A group never changes who is in it: this one ends, and a new one with the same name goes on.',
    changeFacts: [
      'Those you remove keep what they have, and learn that the group goes on without them.',
      'Those you add do not see what was written before.',
    ],
    formerLead: (names: string) => `Left out, being no longer in the circle: ${names}.`,
    name: 'Name (optional)',
    nameHint: 'Without one, it is called after its members.',
    members: 'Members',
    find: 'Find a member',
    none: (query: string) => `Nobody is called “${query}”.`,
    everyone: 'The whole circle',
    nobody: 'Nobody',
    count: (chosen: number, all: number) => `${chosen} of ${all} chosen`,
    added: (names: string) => `Added: ${names}`,
    removed: (names: string) => `Removed: ${names}`,
    needed: 'Choose at least one member.',
    unchanged: 'These are the members already.',
    submit: 'Create group',
    submitChange: 'Go on with these members',
    label: (label: string) => `${label} in the roster`,
  },
} as const;
