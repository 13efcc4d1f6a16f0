import { memo, useEffect, useMemo, useRef } from 'react';
import type { Conversation } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { titleOf } from '../conversations/names.ts';
import { Icon } from '../kit/icon.tsx';
import { Skeleton } from '../kit/skeleton.tsx';
import { EmptyState } from '../kit/state.tsx';
import { strings } from '../strings.ts';
import { useNow } from '../use-now.ts';
import { flash, moveBetweenMessages } from './message-focus.ts';
import { RowView } from './row-view.tsx';
import type { Row } from './rows.ts';
import { toRows } from './rows.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

const text = strings.thread;

function Nothing({ conversation }: { conversation: Conversation }) {
  const loaded = useApp((state) => state.loaded);
  if (!loaded)
    return (
      <div className="thread-loading" role="status">
        <span className="visually-hidden">{strings.conversations.loading}</span>
        {['40%', '55%', '30%'].map((width) => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
    );
  const lead = {
    direct: text.emptyLead(titleOf(conversation)),
    notes: text.emptyNotes,
    group: text.emptyGroup,
  };
  return (
    <EmptyState icon={conversation.kind === 'notes' ? 'note' : 'message'} title={text.empty}>
      <p>{lead[conversation.kind]}</p>
    </EmptyState>
  );
}

/** The way to the group that this one continues, where that is still here. */
function Earlier({ conversation, onOpen }: { conversation: Conversation; onOpen: (id: string) => void }) {
  const before = conversation.kind === 'group' ? conversation.continues : undefined;
  if (before === undefined) return null;
  return (
    <p className="earlier">
      {text.earlierLead}{' '}
      <button type="button" className="link-button" data-testid="earlier" onClick={() => onOpen(before)}>
        {text.earlier}
      </button>
    </p>
  );
}

/** All rows; not rendered again when only the place in them changes. */
const Rows = memo(function Rows({ rows, now, named }: { rows: Row[]; now: number; named: boolean }) {
  return rows.map((row) => <RowView key={row.key} row={row} now={now} named={named} />);
});

/** What the list of messages needs. */
export interface MessageListProps {
  conversation: Conversation;
  /** A message to go to; another object is another request. */
  jump: { key: string } | undefined;
  onOpen: (id: string) => void;
}

/** What was said. New messages are read out; arrow keys move between messages, and Tab goes on to what can be done with one. */
export function MessageList({ conversation, jump, onOpen }: MessageListProps) {
  const { items, firstUnread } = conversation;
  const list = useRef<HTMLDivElement>(null);
  const { away, onScroll, toEnd, leaveEnd } = useStickToEnd(list, items);
  const rows = useMemo(() => toRows(items, firstUnread), [items, firstUnread]);
  const now = useNow(60_000);
  useEffect(() => {
    if (jump !== undefined && flash(jump.key)) leaveEnd();
  }, [jump, leaveEnd]);
  return (
    <div className="messages-frame">
      <div
        ref={list}
        className="messages"
        role="log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached.
        tabIndex={0}
        aria-label={text.log(titleOf(conversation))}
        onScroll={onScroll}
        onKeyDown={moveBetweenMessages}
      >
        <div className="messages-content">
          <Earlier conversation={conversation} onOpen={onOpen} />
          {rows.length === 0 && <Nothing conversation={conversation} />}
          <Rows rows={rows} now={now} named={conversation.kind === 'group'} />
        </div>
      </div>
      {away && (
        <button type="button" className="to-end" aria-label={text.newest} onClick={toEnd}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
