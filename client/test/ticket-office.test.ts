import { concat, fromHex, hex, RelayError, TICKET_BLOBS, u32 } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { Carriage } from '../src/state/outbox/carriage.ts';
import { TicketOffice } from '../src/state/tokens/ticket-office.ts';

const MINUTE = 60_000;
const [BOB, CAROL] = [fromHex('b0'.repeat(32)), fromHex('c0'.repeat(32))];

/** An office whose relay answers as it is told, in order; then with tickets. */
function officeEdge(...faults: (RelayError | undefined)[]) {
  const edge = { now: 0, taken: 0, refused: [] as number[], shown: [] as string[], tickets: 0 };
  const office = new TicketOffice({
    stock: {
      take: async () => concat(u32(7), new Uint8Array(96).fill(++edge.taken)),
      refused: async (epoch) => void edge.refused.push(epoch),
    },
    buy: async (token, recipient) => {
      edge.shown.push(`${token[4]} ${hex(recipient).slice(0, 2)}`);
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      return { ticket: Uint8Array.of(++edge.tickets), blobs: TICKET_BLOBS, room: 100, capacity: 1_000 };
    },
    now: () => edge.now,
  });
  return Object.assign(edge, { office });
}

describe('the ticket office', () => {
  it('buys a ticket with one token', async () => {
    const { office, shown } = officeEdge();
    expect((await office.take(BOB)).blobs).toBe(TICKET_BLOBS);
    expect(shown).toEqual(['1 b0']);
  });

  it.each(['relay_unreachable', 'unavailable', 'mailbox_full', 'rate_limited'] as const)(
    'shows a token that met %s again for the same recipient, and never for another',
    async (code) => {
      const { office, shown } = officeEdge(new RelayError(code));
      await expect(office.take(BOB)).rejects.toMatchObject({ code });
      await office.take(CAROL);
      await office.take(BOB);
      expect(shown).toEqual(['1 b0', '2 c0', '1 b0']);
    },
  );

  it('takes another token when one was spent by a request whose answer was lost', async () => {
    const { office, shown } = officeEdge(new RelayError('relay_unreachable'), new RelayError('token_spent'));
    await expect(office.take(BOB)).rejects.toMatchObject({ code: 'relay_unreachable' });
    expect((await office.take(BOB)).blobs).toBe(TICKET_BLOBS);
    expect(shown).toEqual(['1 b0', '1 b0', '2 b0']);
  });

  it('drops what was drawn under a key that has ended, and goes on without a word', async () => {
    const { office, refused, shown } = officeEdge(new RelayError('token_invalid'));
    await office.take(BOB);
    expect([refused, shown]).toEqual([[7], ['1 b0', '2 b0']]);
  });

  it('does not try for ever', async () => {
    const edge = officeEdge(...Array.from({ length: 20 }, () => new RelayError('token_invalid')));
    await expect(edge.office.take(BOB)).rejects.toMatchObject({ code: 'token_invalid' });
    expect(edge.shown).toHaveLength(5);
  });

  it('keeps what is left of a ticket for the same recipient, while it is good', async () => {
    const edge = officeEdge();
    const first = await edge.office.take(BOB);
    edge.office.giveBack(hex(BOB), { ticket: first.ticket, blobs: 5 });
    await edge.office.take(CAROL);
    edge.now = 3 * MINUTE;
    expect(await edge.office.take(BOB)).toMatchObject({ ticket: first.ticket, blobs: 5, isUsed: true });
    // Somebody uses it now.
    expect((await edge.office.take(BOB)).ticket).not.toEqual(first.ticket);
    edge.office.giveBack(hex(BOB), { ticket: first.ticket, blobs: 4 });
    edge.now = 4 * MINUTE;
    expect((await edge.office.take(BOB)).ticket).not.toEqual(first.ticket);
  });

  it('tells the room of a mailbox by a ticket that serves what is sent next', async () => {
    const { office, shown } = officeEdge();
    expect(await office.room(BOB)).toMatchObject({ room: 100, capacity: 1_000 });
    expect(await office.room(BOB)).toMatchObject({ room: 100 });
    await office.take(BOB);
    expect(shown).toHaveLength(1);
    await office.room(BOB);
    expect(shown).toHaveLength(2);
  });
});

describe('a carriage', () => {
  it('whose ticket was kept and has ended since takes another one at once', async () => {
    const under: number[] = [];
    const tickets = [
      { ticket: Uint8Array.of(1), blobs: 5, isUsed: true },
      { ticket: Uint8Array.of(2), blobs: 32 },
    ];
    const carriage = new Carriage({
      buyTicket: async () => tickets.shift() as (typeof tickets)[0],
      upload: async (ticket) => {
        under.push(ticket[0] as number);
        if (ticket[0] === 1) throw new RelayError('ticket_invalid');
      },
      keepTicket: (recipient, { blobs }) => under.push(recipient.length, blobs),
    });
    await carriage.carry({ id: '', recipient: hex(BOB), frame: Uint8Array.of() });
    carriage.release(hex(BOB));
    expect(under).toEqual([1, 2, 64, 31]);
  });
});
