import { useDeferredValue, useMemo } from 'react';
import type { SearchHit } from '../../state/history/search.ts';
import { searchConversations } from '../../state/history/search.ts';
import { useApp } from '../context.tsx';

export type { SearchHit };

/** What was found, and for which query: that may lag behind the typing for a moment. */
export interface Search {
  query: string;
  hits: readonly SearchHit[];
}

/** Searches what is loaded, the newest first; again when the conversations change. */
export function useSearch(typed: string): Search {
  const conversations = useApp((state) => state.conversations);
  const query = useDeferredValue(typed.trim());
  return useMemo(
    () => ({ query, hits: query === '' ? [] : searchConversations(conversations, query) }),
    [conversations, query],
  );
}
