/** Pages of a circle's members that a test need not close itself. */
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import type { TestCircle } from './circle.ts';
import { startCircle } from './circle.ts';
import type { MemberOptions, TestMember } from './member.ts';
import { closeAll, openMember } from './member.ts';

/** A circle of a whole file, and its open pages. */
export interface Pages {
  circle(): TestCircle;
  /** Opens a page and waits until it is online. */
  page(number: number, options?: MemberOptions): Promise<TestMember>;
  /** Opens a page that may find nobody at the relay. */
  offlinePage(number: number, options?: MemberOptions): Promise<TestMember>;
  /** Stops the relay, and waits until all open pages have noticed. */
  away(): Promise<void>;
  /** Starts it again, and has all open pages connect at once. */
  back(): Promise<void>;
}

/** Starts a circle for the tests of a `describe` block; after each test all pages are closed and all mailboxes are empty. */
export function circleOf(count: number): Pages {
  let circle: TestCircle;
  const open: TestMember[] = [];
  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'), count);
  });
  afterEach(async () => {
    await closeAll(...open.splice(0));
    await circle.startRelay();
    await circle.sql('DELETE FROM blob');
  });
  afterAll(() => circle.close());

  async function offlinePage(number: number, options: MemberOptions = {}): Promise<TestMember> {
    const member = await openMember(circle, number, options);
    open.push(member);
    return member;
  }
  return {
    circle: () => circle,
    offlinePage,
    async page(number, options) {
      const member = await offlinePage(number, options);
      await member.online();
      return member;
    },
    async away() {
      await circle.stopRelay();
      const isAway: Parameters<TestMember['until']>[0] = ({ connection, identity }) =>
        connection.status === 'offline' || identity.phase === 'absent';
      await Promise.all(open.map((member) => member.until(isAway)));
    },
    async back() {
      await circle.startRelay();
      for (const { messenger } of open) messenger.actions.reconnect();
    },
  };
}
