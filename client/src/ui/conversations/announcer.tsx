import { useEffect, useRef, useState } from 'react';
import { useApp } from '../context.tsx';
import { strings } from '../strings.ts';
import { titleOf } from './names.ts';

/**
 * Tells a screen reader of messages outside the open thread (the thread speaks for itself), and the window's title who calls, else how many messages
 * wait.
 */
export function Announcer({ chosen }: { chosen: string | undefined }) {
  const conversations = useApp((state) => state.conversations);
  const loaded = useApp((state) => state.loaded);
  const before = useRef<Map<string, number>>(undefined);
  const [words, setWords] = useState('');

  useEffect(() => {
    const known = before.current;
    before.current = loaded ? new Map(conversations.map(({ id, unread }) => [id, unread])) : undefined;
    if (known === undefined) return;
    const grown = conversations.filter(({ id, unread }) => id !== chosen && unread > (known.get(id) ?? 0));
    if (grown.length > 0) setWords(grown.map((it) => strings.conversations.received(titleOf(it))).join('. '));
  }, [conversations, loaded, chosen]);

  const total = conversations.reduce((sum, { unread }) => sum + unread, 0);
  const caller = useApp(({ calls }) => calls.known.find(({ phase }) => phase === 'ringing')?.from.name);
  useEffect(() => {
    const usual = total > 0 ? `(${total}) ${strings.name}` : strings.name;
    document.title = caller === undefined ? usual : strings.ringing.title(caller);
    return () => {
      document.title = strings.name;
    };
  }, [total, caller]);

  return (
    <p className="visually-hidden" aria-live="polite" data-testid="announcer">
      {words}
    </p>
  );
}
