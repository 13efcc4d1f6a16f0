import { dayLabel } from '../format.ts';
import { Avatar } from '../kit/avatar.tsx';
import { strings } from '../strings.ts';
import { CallMarker } from './call-marker.tsx';
import { EventMarker } from './event-marker.tsx';
import { expiresSoon } from './expiry.ts';
import { GapMarker } from './gap-marker.tsx';
import { Message } from './message.tsx';
import type { GroupRow, Row } from './rows.ts';

/** What a row of a thread needs. */
export interface RowViewProps<T = Row> {
  row: T;
  now: number;
  /** Whether authors are named and pictured: in groups. */
  named: boolean;
}

/** Messages of one author that belong together. */
function MessageGroup({ row: { own, messages }, now, named }: RowViewProps<GroupRow>) {
  const { author } = messages[0];
  const shown = named && !own;
  return (
    <section className="group" data-own={own} data-named={shown}>
      <h3 className={shown ? 'author' : 'visually-hidden'} data-tint={author.number % 6}>
        {own ? strings.conversations.you : author.name}
      </h3>
      {shown && <Avatar contact={author} size="s" />}
      {messages.map((message) => (
        <Message key={message.key} message={message} soon={expiresSoon(message, now)} />
      ))}
    </section>
  );
}

/** One row of a thread. */
export function RowView({ row, now, named }: RowViewProps) {
  switch (row.type) {
    case 'day':
      return <h2 className="day">{dayLabel(row.at, now)}</h2>;
    case 'unread':
      return (
        <p className="unread-mark" data-testid="unread-mark">
          {strings.thread.unread}
        </p>
      );
    case 'gap':
      return <GapMarker gap={row.gap} />;
    case 'event':
      return <EventMarker event={row.event} />;
    case 'call':
      return <CallMarker call={row.call} />;
    case 'group':
      return <MessageGroup row={row} now={now} named={named} />;
  }
}
