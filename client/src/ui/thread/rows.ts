import type { CallItem, Conversation, EventItem, GapItem, MessageItem } from '../../state/model.ts';
import { dayNumber } from '../format.ts';

/** Messages of one author that follow each other closely. */
export interface GroupRow {
  type: 'group';
  key: string;
  own: boolean;
  messages: [MessageItem, ...MessageItem[]];
}

/** What a thread shows from top to bottom. */
export type Row =
  | { type: 'day'; key: string; at: number }
  | { type: 'gap'; key: string; gap: GapItem }
  | { type: 'event'; key: string; event: EventItem }
  | { type: 'call'; key: string; call: CallItem }
  | { type: 'unread'; key: string }
  | GroupRow;

/** Messages further apart than this begin a new group. Milliseconds. */
const PAUSE = 5 * 60_000;

function continues(row: Row | undefined, message: MessageItem): row is GroupRow {
  if (row?.type !== 'group') return false;
  const last = row.messages.at(-1) ?? row.messages[0];
  return last.author.id === message.author.id && Math.abs(message.at - last.at) < PAUSE;
}

/**
 * Puts a heading where the local day changes, a mark above the first unread message, and messages of one author together. Order is kept.
 * @param firstUnread key of the first unread message
 */
export function toRows(items: Conversation['items'], firstUnread?: string): Row[] {
  const rows: Row[] = [];
  let day: number | undefined;
  for (const item of items) {
    if (item.type !== 'gap' && dayNumber(item.at) !== day) {
      day = dayNumber(item.at);
      rows.push({ type: 'day', key: `day ${item.key}`, at: item.at });
    }
    if (item.key === firstUnread) rows.push({ type: 'unread', key: 'unread' });
    const last = rows.at(-1);
    if (item.type === 'gap') rows.push({ type: 'gap', key: item.key, gap: item });
    else if (item.type === 'event') rows.push({ type: 'event', key: item.key, event: item });
    else if (item.type === 'call') rows.push({ type: 'call', key: item.key, call: item });
    else if (continues(last, item)) last.messages.push(item);
    else rows.push({ type: 'group', key: item.key, own: item.own, messages: [item] });
  }
  return rows;
}
