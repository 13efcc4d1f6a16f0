import { proveSession } from '@relay/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { RelayHttp } from '../../src/transport/http.ts';
import { Link } from '../../src/transport/link.ts';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';
import { pairOf } from '../support/hostile.ts';
import type { TestMember } from '../support/member.ts';
import { closeAll, openOnline } from '../support/member.ts';

describe('a relay in trouble', () => {
  let circle: TestCircle;
  let skew = 0;
  const open: TestMember[] = [];
  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'));
  });
  afterEach(async () => {
    await closeAll(...open.splice(0));
    await circle.sql('DELETE FROM blob');
  });
  afterAll(() => circle.close());

  async function openTwo() {
    const both = (await openOnline(circle, 1, 2)) as [TestMember, TestMember];
    open.push(...both);
    return both;
  }

  it('whose database is away says so, and everything goes on when it is back', async () => {
    const [one, two] = await openTwo();
    await circle.takeDatabaseAway();
    await one.send(2, 'meanwhile');
    await one.until(({ connection }) => connection.status === 'offline');
    expect(one.state().connection).toMatchObject({
      fault: { code: 'unavailable', message: expect.any(String) },
    });
    expect(one.messages(2)[0]?.delivery).toBe('waiting');
    await circle.giveDatabaseBack();
    await two.until(() => two.texts(1).length === 1);
    await one.sent();
    expect(one.state().connection).toEqual({ status: 'online' });
    expect(two.texts(1)).toEqual(['meanwhile']);
  });

  it('that has forgotten all sessions is asked for new ones', async () => {
    const [one, two] = await openTwo();
    await circle.sql('ALTER TABLE session DISABLE TRIGGER ALL');
    await circle.sql('DELETE FROM session');
    await circle.sql('ALTER TABLE session ENABLE TRIGGER ALL');
    await one.send(2, 'hello');
    await one.sent();
    await two.until(() => two.texts(1).length === 1);
  });

  it('whose clock runs past the end of a session gets a new one', async () => {
    await circle.stopRelay();
    await circle.startRelay({ now: () => Date.now() + skew });
    const [one, two] = await openTwo();
    skew = 16 * 60_000;
    await one.send(2, 'later');
    await two.until(() => two.texts(1).length === 1);
    await two.send(1, 'much later');
    await one.until(() => one.texts(2).length === 2);
    expect(two.texts(1)).toEqual(['later', '*much later']);
  });

  it('with no room for the recipient says so at the message, which waits', async () => {
    await circle.stopRelay();
    await circle.startRelay({ mailboxMaxBlobs: 32 });
    // Those of earlier tests keep room.
    await circle.sql('DELETE FROM ticket');
    const [one, two] = await openTwo();
    await one.send(2, 'the first one');
    await two.until(() => two.texts(1).length === 1);
    // What is left of a ticket would carry the next one.
    await circle.sql('DELETE FROM ticket');
    await one.send(2, 'too much');
    await one.until(() => one.messages(2)[1]?.deliveryFault !== undefined);
    expect(one.messages(2)[1]).toMatchObject({
      delivery: 'waiting',
      deliveryFault: { code: 'mailbox_full' },
    });
    await circle.sql('DELETE FROM blob');
    await one.send(2, 'and on');
    await one.sent();
    expect(one.messages(2).map(({ delivery, deliveryFault }) => [delivery, deliveryFault])).toEqual(
      Array.from({ length: 3 }, () => ['sent', undefined]),
    );
    await circle.stopRelay();
    await circle.startRelay();
  });

  it('renews a session that is about to end, on the same socket', async () => {
    const { self } = await pairOf(circle, 1, 2);
    class HastyHttp extends RelayHttp {
      sessions = 0;
      override async openSession(...args: Parameters<RelayHttp['openSession']>) {
        this.sessions++;
        return { ...(await super.openSession(...args)), expiresIn: 1 };
      }
    }
    const http = new HastyHttp(circle.url);
    const statuses: string[] = [];
    const link = new Link(http, (origin, nonce) => proveSession(self, origin, nonce), {
      status: ({ status }) => statuses.push(status),
      resync: () => {},
      blobs: () => {},
    });
    link.connect();
    await expect.poll(() => http.sessions, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    expect(statuses).toEqual(['connecting', 'online']);
    await circle.sql(
      'DELETE FROM session WHERE token_hash NOT IN (SELECT token_hash FROM session ORDER BY expiry_minute DESC LIMIT 1)',
    );
    expect(await link.withSession((token) => http.listMailbox(token))).toEqual([]);
    link.stop();
  });
});
