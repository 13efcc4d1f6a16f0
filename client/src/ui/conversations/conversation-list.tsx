import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import { useApp } from '../context.tsx';
import { ProgressBar } from '../kit/progress.tsx';
import { strings } from '../strings.ts';
import { useNow } from '../use-now.ts';
import { ConversationRow } from './conversation-row.tsx';
import { ordered } from './order.ts';

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.conversation')];
  const next = rows[rows.findIndex((row) => row.matches(':focus')) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Gives the focus back to the row of a thread that was left. */
function useReturningFocus(chosen: string | undefined) {
  const list = useRef<HTMLElement>(null);
  const before = useRef(chosen);
  useEffect(() => {
    const left = before.current;
    before.current = chosen;
    if (chosen !== undefined || left === undefined) return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('.conversation') ?? [])];
    rows.find((row) => row.dataset.id === left)?.focus();
  }, [chosen]);
  return list;
}

/** How far the first listing of the mailbox got. */
function Loading() {
  const loading = useApp((state) => state.loading);
  const text = strings.conversations;
  return (
    <div className="conversations-loading">
      <p role="status">{text.loading}</p>
      {loading && loading.total > 0 && (
        <>
          <ProgressBar label={text.loading} done={loading.read} total={loading.total} />
          <p>{text.loaded(loading.read, loading.total)}</p>
        </>
      )}
    </div>
  );
}

/** Every conversation; arrow keys move between them. */
export function ConversationList({
  chosen,
  onChoose,
}: {
  chosen: string | undefined;
  onChoose: (id: string) => void;
}) {
  const conversations = useApp((state) => state.conversations);
  const loaded = useApp((state) => state.loaded);
  const now = useNow(30_000);
  const list = useReturningFocus(chosen);
  return (
    <nav
      ref={list}
      className="conversations"
      aria-label={strings.conversations.title}
      aria-busy={!loaded}
      onKeyDown={moveFocus}
    >
      {!loaded && <Loading />}
      <ul>
        {ordered(conversations).map((conversation) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            chosen={conversation.id === chosen}
            loaded={loaded}
            now={now}
            onChoose={onChoose}
          />
        ))}
      </ul>
    </nav>
  );
}
