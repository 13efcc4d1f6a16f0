import { RelayError, randomBytes, TICKET_BLOBS } from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import type { TicketRepository } from '../src/tickets/repository.ts';
import { createTicketService } from '../src/tickets/service.ts';

const MAILBOX = randomBytes(32);
const OTHER = randomBytes(32);
const TOKEN = randomBytes(100);

/** A database that shows nothing of what is sold, and writes when it is told to. */
function slowDatabase() {
  const writes: ((outcome: 'sold' | 'spent') => void)[] = [];
  const repository: TicketRepository = {
    standing: async () => ({ isKnown: true, isSpent: false, blobs: 0, promised: 0 }),
    sell: () => new Promise((resolve) => writes.push(resolve)),
    spend: async () => undefined,
  };
  return { repository, writes };
}

/** A service for mailboxes that hold what so many tickets bring. */
const serviceFor = (repository: TicketRepository, tickets: number) =>
  createTicketService({
    repository,
    tokens: { check: async () => ({ epoch: 1, nonceHash: randomBytes(32) }) },
    mailboxMaxBlobs: tickets * TICKET_BLOBS,
    now: () => 0,
    randomBytes,
  });

const codeOf = (sale: Promise<unknown>) =>
  sale.then(
    () => 'sold',
    (error: unknown) => (error instanceof RelayError ? error.code : String(error)),
  );

test('of sales at once a mailbox gets as many as it has room for, though the database shows none of them yet', async () => {
  const { repository, writes } = slowDatabase();
  const service = serviceFor(repository, 3);
  const sales = Array.from({ length: 8 }, () => codeOf(service.buy(MAILBOX, TOKEN)));
  await expect.poll(() => writes.length).toBe(3);
  const elsewhere = codeOf(service.buy(OTHER, TOKEN));
  await expect.poll(() => writes.length).toBe(4);
  for (const write of writes) write('sold');
  expect(await Promise.all(sales)).toEqual([
    ...Array.from({ length: 3 }, () => 'sold'),
    ...Array.from({ length: 5 }, () => 'mailbox_full'),
  ]);
  expect(await elsewhere).toBe('sold');
});

test('a sale that comes to nothing takes no room', async () => {
  const { repository, writes } = slowDatabase();
  const service = serviceFor(repository, 1);
  const first = codeOf(service.buy(MAILBOX, TOKEN));
  await expect.poll(() => writes.length).toBe(1);
  expect(await codeOf(service.buy(MAILBOX, TOKEN))).toBe('mailbox_full');
  writes[0]?.('spent');
  expect(await first).toBe('token_spent');
  const second = codeOf(service.buy(MAILBOX, TOKEN));
  await expect.poll(() => writes.length).toBe(2);
  writes[1]?.('sold');
  expect(await second).toBe('sold');
});
