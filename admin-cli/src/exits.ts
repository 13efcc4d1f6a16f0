/** Every way in which relay-admin ends, for scripts. Nothing else is ever its exit code, but 130 after Ctrl-C. */
export const EXITS = [
  ['done', 0, 'Done.'],
  ['bug', 1, 'A fault of relay-admin itself; its stack is on standard error.'],
  [
    'usage',
    2,
    'The command cannot be carried out as given: a flag, an argument or a setting is wrong or missing.',
  ],
  ['file', 3, 'A file is missing, damaged, of another kind, or may not be used.'],
  ['refused', 4, 'Refused or not confirmed, so that nothing that is there is lost.'],
  [
    'database',
    5,
    'The database does not answer, refuses the login or what it was asked, or has not been migrated.',
  ],
  ['checks', 6, 'The command did its work, and a check did not hold.'],
] as const;

/** Name of a way to end. */
export type Exit = (typeof EXITS)[number][0];

/** Exit codes by name. */
export const EXIT = Object.fromEntries(EXITS.map(([name, code]) => [name, code])) as Readonly<
  Record<Exit, number>
>;
