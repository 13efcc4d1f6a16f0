/** The lines of a thread. */
import type { EventItem, Item } from '../model.ts';
import { callItem } from './call-item.ts';
import type { Meaning } from './meaning.ts';
import { messageItem } from './message-item.ts';
import type { Scene } from './scene.ts';
import type { TimelineEntry, TimelineRecord } from './timeline.ts';
import { pushGap } from './timeline.ts';

/** Makes the items of a conversation; records that only change others, or are not shown, have none. */
export function itemsOf(scene: Scene, entries: readonly TimelineEntry<TimelineRecord>[]): Item[] {
  const items: Item[] = [];
  for (const entry of entries) {
    if (entry.type === 'gap') {
      pushGap(items, entry);
      continue;
    }
    const found = scene.find(entry.record.hash);
    if (found === undefined) continue;
    const { record, meaning } = found;
    if (meaning.is === 'message')
      items.push(messageItem(scene, { record, message: meaning }, entry.equivocates));
    const call = meaning.is === 'call' ? callItem(scene, record, meaning) : undefined;
    if (call !== undefined) items.push(call);
    const event = eventOf(meaning);
    if (event === undefined) continue;
    const author = scene.context.contactOf(record.author);
    items.push({ type: 'event', key: record.hash, at: record.at, author, ...event });
  }
  return items;
}

function eventOf(meaning: Meaning): Pick<EventItem, 'event' | 'name'> | undefined {
  if (meaning.is === 'rename') return { event: 'named', name: meaning.name };
  if (meaning.is === 'leave') return { event: 'left' };
  return meaning.is === 'continue' ? { event: 'continued' } : undefined;
}
