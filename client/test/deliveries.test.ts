import { describe, expect, it, vi } from 'vitest';
import { deliveriesOf } from '../src/state/outbox/deliveries.ts';
import { BOB, big, CAROL, chunk, edge, failing, hashOf, mail } from './support/outbox-edge.ts';

describe('deliveries', () => {
  it('say of each record and recipient whether it waits, why, or has failed; nothing of the sent log', async () => {
    const { outbox } = edge({
      before: ({ recipient, names }) => {
        if (names.includes(5)) return;
        failing(recipient === CAROL ? 'recipient_unknown' : 'mailbox_full')();
      },
    });
    await outbox.post([mail(5, { recipient: CAROL })]);
    outbox.setOnline(true);
    await vi.waitFor(() => expect(outbox.letters.map(({ purpose }) => purpose)).toEqual(['log']), {
      timeout: 10_000,
    });
    outbox.setOnline(false);
    expect(deliveriesOf(outbox).size).toBe(0);
    await outbox.post([
      big(1, { chunks: [chunk(7)] }),
      big(2),
      big(1, { recipient: CAROL, chunks: [chunk(8, CAROL)] }),
    ]);
    const plain = () =>
      [...deliveriesOf(outbox)].map(([hash, recipients]) => [hash, Object.fromEntries(recipients)]);
    expect(plain()).toEqual([
      [hashOf(1), { [BOB]: { delivery: 'waiting' }, [CAROL]: { delivery: 'waiting' } }],
      [hashOf(2), { [BOB]: { delivery: 'waiting' } }],
    ]);
    outbox.setOnline(true);
    await vi.waitFor(() => expect(deliveriesOf(outbox).get(hashOf(1))?.get(CAROL)?.fault).toBeDefined(), {
      timeout: 10_000,
    });
    await vi.waitFor(() => expect(deliveriesOf(outbox).get(hashOf(1))?.get(BOB)?.fault).toBeDefined(), {
      timeout: 10_000,
    });
    expect(plain()).toMatchObject([
      [
        hashOf(1),
        {
          [BOB]: { delivery: 'waiting', fault: { code: 'mailbox_full' } },
          [CAROL]: { delivery: 'failed', fault: { code: 'recipient_unknown' } },
        },
      ],
      [hashOf(2), { [BOB]: { delivery: 'waiting' } }],
    ]);
    expect(deliveriesOf(outbox).get(hashOf(2))?.get(BOB)).toEqual({ delivery: 'waiting' });
    outbox.stop();
  });
});
