/** What the search says. */
export const searchStrings = {
  search: {
    label: 'Search messages',
    close: 'Close search',
    scope:
      'What is on this page is searched: messages and names of files. Nothing is stored, so what has expired is not found.',
    none: (query: string) => `Nothing with “${query}”`,
    noneLead:
      'Only what is on this page is searched. Nothing is stored, so what has expired, or is not loaded yet, is not found.',
    count: (count: number) => (count === 1 ? '1 message' : `${count} messages`),
    results: 'Messages found',
  },
} as const;
