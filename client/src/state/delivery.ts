/** How far own messages are on their way, as the outbox tells it. */
import type { Deliveries } from './conversation.ts';
import { faultOf } from './fault.ts';
import type { Outbox } from './outbox.ts';

type Delivered = Deliveries extends ReadonlyMap<string, infer T> ? T : never;

/** Every record of which something waits in the outbox. */
export function deliveriesOf(outbox: Outbox): Deliveries {
  const deliveries = new Map<string, Delivered>();
  for (const { id, record, failed } of outbox.items) {
    if (record === '') continue;
    const code = failed ?? outbox.delayOf(id);
    const known = deliveries.get(record);
    // A part that could not leave explains why the rest of the message waits.
    if (code === undefined && known !== undefined) continue;
    const fault = code === undefined ? {} : { fault: faultOf(code) };
    deliveries.set(record, { delivery: failed === undefined ? 'waiting' : 'failed', ...fault });
  }
  return deliveries;
}
