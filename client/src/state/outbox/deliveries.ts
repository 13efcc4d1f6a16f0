/** How far own records are on their way, as the outbox tells it. */
import { faultOf } from '../fault.ts';
import type { Fault } from '../model.ts';
import type { Outbox } from './outbox.ts';

/** How far one record got with one member, while the relay does not have it. */
export interface Waiting {
  delivery: 'waiting' | 'failed';
  fault?: Fault;
}

/** By record hash, then by key hash of the recipient; what is absent is at the relay. */
export type Deliveries = ReadonlyMap<string, ReadonlyMap<string, Waiting>>;

/** Every record of which something waits in the outbox. */
export function deliveriesOf(outbox: Outbox): Deliveries {
  const deliveries = new Map<string, Map<string, Waiting>>();
  for (const { key, purpose, recipient, records, failed } of outbox.letters) {
    if (purpose === 'log') continue;
    const code = failed ?? outbox.delayOf(key);
    const fault = code === undefined ? {} : { fault: faultOf(code) };
    for (const { hash } of records) {
      const recipients = deliveries.get(hash) ?? new Map<string, Waiting>();
      deliveries.set(
        hash,
        recipients.set(recipient, { delivery: failed === undefined ? 'waiting' : 'failed', ...fault }),
      );
    }
  }
  return deliveries;
}
