import { useMemo, useRef } from 'react';
import type { Conversation } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { titleOf } from '../conversations/order.ts';
import { dayLabel } from '../format.ts';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { useNow } from '../use-now.ts';
import { GapMarker } from './gap-marker.tsx';
import { MessageGroup } from './message-group.tsx';
import type { Row } from './rows.ts';
import { toRows } from './rows.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

const text = strings.thread;

function RowView({ row, now }: { row: Row; now: number }) {
  switch (row.type) {
    case 'day':
      return <h2 className="day">{dayLabel(row.at, now)}</h2>;
    case 'gap':
      return <GapMarker gap={row.gap} />;
    case 'group':
      return <MessageGroup group={row} />;
  }
}

function Nothing({ conversation }: { conversation: Conversation }) {
  const loaded = useApp((state) => state.loaded);
  if (!loaded) return <p className="thread-empty">{strings.conversations.loading}</p>;
  return (
    <div className="thread-empty">
      <strong>{text.empty}</strong>
      <p>{conversation.peer.isSelf ? text.emptyNotes : text.emptyLead(conversation.peer.label)}</p>
    </div>
  );
}

/** What was said. New messages are read out. */
export function MessageList({ conversation }: { conversation: Conversation }) {
  const { items } = conversation;
  const list = useRef<HTMLDivElement>(null);
  const { away, onScroll, toEnd } = useStickToEnd(list, items);
  const rows = useMemo(() => toRows(items), [items]);
  const now = useNow(60_000);
  return (
    <div className="messages-frame">
      <div
        ref={list}
        className="messages"
        role="log"
        aria-label={text.log(titleOf(conversation))}
        onScroll={onScroll}
      >
        {rows.length === 0 && <Nothing conversation={conversation} />}
        {rows.map((row) => (
          <RowView key={row.key} row={row} now={now} />
        ))}
      </div>
      {away && (
        <button type="button" className="to-end" aria-label={text.newest} onClick={toEnd}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
