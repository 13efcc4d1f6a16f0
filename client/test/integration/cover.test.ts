/** Cover traffic, with a real relay and database (SPEC.md §23). */
import { ROUTES } from '@relay/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { After } from '../../src/state/timer.ts';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';
import type { MemberOptions, TestMember } from '../support/member.ts';
import { closeAll, openMember } from '../support/member.ts';

/** A decoy and a fetch some ten times a second. */
const FAST = { coverPace: { decoyMinutes: 0.002, fetchMinutes: 0.002 } };

describe('cover traffic', () => {
  let circle: TestCircle;
  const open: TestMember[] = [];
  const seen: { path: string; headers: Headers; bytes: number }[] = [];
  const { fetch } = globalThis;

  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'), 3);
  });
  beforeEach(() => {
    seen.length = 0;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init = {}) => {
      const bytes = init.body instanceof Uint8Array ? init.body.length : String(init.body ?? '').length;
      seen.push({ path: new URL(String(input)).pathname, headers: new Headers(init.headers), bytes });
      return fetch(input, init);
    });
  });
  afterEach(async () => {
    await closeAll(...open.splice(0));
    vi.restoreAllMocks();
    await circle.sql('DELETE FROM blob');
  });
  afterAll(() => circle.close());

  async function enter(number: number, options: MemberOptions = {}): Promise<TestMember> {
    const member = await openMember(circle, number, options);
    open.push(member);
    await member.online();
    return member;
  }
  const stored = async () => (await circle.sql('SELECT id FROM blob')).rows.length;
  const requests = (path: string) => seen.filter((one) => one.path === path);

  it('is off at first', async () => {
    let times = 0;
    const after: After = (ms, work) => {
      const timer = setTimeout(() => {
        times++;
        work();
      }, ms);
      return () => clearTimeout(timer);
    };
    const member = await enter(1, { parts: { ...FAST, after } });
    expect(member.state().settings.coverTraffic).toBe(false);
    seen.length = 0;
    await member.send(2, 'only this');
    await member.sent();
    // Its times come and go.
    await expect.poll(() => times, { timeout: 30_000 }).toBeGreaterThan(20);
    expect(await stored()).toBe(1);
    expect(requests(ROUTES.mailboxFetch)).toEqual([]);
  });

  it('fills mailboxes with what nobody sees, and goes on after a reload', async () => {
    const one = await enter(1, { parts: FAST });
    const two = await enter(2);
    one.messenger.actions.changeSettings({ coverTraffic: true });
    await expect.poll(stored, { timeout: 30_000 }).toBeGreaterThan(30);
    await one.send(2, 'among others');
    await two.until(() => two.texts(1).includes('among others'));
    expect(two.state().notices).toEqual([]);
    expect(two.state().conversations.flatMap(({ items }) => items).length).toBe(1);
    expect(
      two
        .state()
        .conversations.map(({ unread }) => unread)
        .toSorted(),
    ).toEqual([0, 0, 1]);
    const { rows } = await circle.sql('SELECT DISTINCT mailbox FROM blob');
    expect(rows).toHaveLength(3);

    await closeAll(...open.splice(0));
    const before = await stored();
    await enter(1, { parts: FAST, store: one.store });
    await expect.poll(stored, { timeout: 30_000 }).toBeGreaterThan(before + 3);
  });

  it('asks for what a message asks for, and is fetched as one is', async () => {
    const one = await enter(1, { parts: FAST });
    await enter(2);
    seen.length = 0;
    one.messenger.actions.changeSettings({ coverTraffic: true });
    // Two sessions fetch: the second is of a member that makes no cover traffic itself.
    const fetching = () =>
      new Set(requests(ROUTES.mailboxFetch).map(({ headers }) => headers.get('authorization'))).size;
    await expect.poll(fetching, { timeout: 30_000 }).toBe(2);
    await expect.poll(() => requests(ROUTES.blobs).length, { timeout: 30_000 }).toBeGreaterThan(8);
    one.messenger.actions.changeSettings({ coverTraffic: false });
    const decoys = requests(ROUTES.blobs);
    const tickets = requests(ROUTES.tickets);
    seen.length = 0;
    await one.send(3, 'something');
    await one.sent();
    const shape = ({ headers, bytes }: (typeof seen)[number]) => [bytes, [...headers.keys()].toSorted()];
    const shapes = new Set([...decoys, ...requests(ROUTES.blobs)].map((one) => JSON.stringify(shape(one))));
    expect(shapes.size).toBe(1);
    for (const { headers } of tickets) expect(headers.get('authorization')).toMatch(/^Relay-Token /);
    const stored = await circle.sql(
      `SELECT DISTINCT octet_length(id), octet_length(body), octet_length(read_hash), octet_length(delete_hash) FROM blob`,
    );
    expect(stored.rows).toHaveLength(1);
  });
});
