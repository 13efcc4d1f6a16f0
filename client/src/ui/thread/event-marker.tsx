import type { EventItem } from '../../state/model.ts';
import { eventWords } from '../conversations/order.ts';

/** Something that happened to the group. */
export function EventMarker({ event }: { event: EventItem }) {
  return (
    <p className="event" data-testid="event" data-event={event.event}>
      {eventWords(event)}
    </p>
  );
}
