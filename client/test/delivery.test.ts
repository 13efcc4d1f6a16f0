import { describe, expect, it, vi } from 'vitest';
import { deliveriesOf } from '../src/state/delivery.ts';
import { CAROL, edge, failing, idOf, item, SELF } from './support/outbox-edge.ts';
import { NOW } from './support/records.ts';

describe('deliveries', () => {
  it('say of each record whether it waits, why, or has failed; nothing of the sent log', async () => {
    const { outbox, relay } = edge({
      upload: (name) => failing(name < 10 ? 'mailbox_full' : 'recipient_unknown')(),
    });
    const [long, short, lost] = [idOf(0xa1, 32), idOf(0xa2, 32), idOf(0xa3, 32)];
    await outbox.add([
      item(1, { purpose: 'part', record: long }),
      item(2, { record: long }),
      item(3, { record: short }),
      item(11, { purpose: 'part', recipient: CAROL, record: lost }),
      item(12, { recipient: CAROL, record: lost }),
      item(4, { purpose: 'log', recipient: SELF, record: '', due: NOW + 1 }),
    ]);
    expect([...deliveriesOf(outbox).values()]).toEqual(
      Array.from({ length: 3 }, () => ({ delivery: 'waiting' })),
    );
    outbox.setOnline(true);
    await vi.waitFor(() => expect(relay.told.refused).toHaveLength(1));
    expect(Object.fromEntries(deliveriesOf(outbox))).toMatchObject({
      [long]: { delivery: 'waiting', fault: { code: 'mailbox_full' } },
      [short]: { delivery: 'waiting' },
      [lost]: { delivery: 'failed', fault: { code: 'recipient_unknown' } },
    });
    expect(deliveriesOf(outbox).get(short)).toEqual({ delivery: 'waiting' });
    outbox.stop();
  });
});
