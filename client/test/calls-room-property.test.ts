import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestPage } from './support/room-world.ts';
import { RoomWorld, VOICE } from './support/room-world.ts';

const MEMBERS = 4;
const index = fc.nat({ max: 7 });
const soon = fc.oneof(fc.constant(0), fc.nat({ max: 200 }), fc.nat({ max: 8_000 }), fc.nat({ max: 45_000 }));

const steps = fc.array(
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('open' as const),
        member: fc.integer({ min: 1, max: MEMBERS }),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('enter' as const), page: index, takes: fc.boolean() }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: soon }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('fall' as const), page: index, ms: soon, notice: soon }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('break' as const), page: index }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('network' as const), page: index }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('mute' as const), page: index, muted: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('decline' as const), page: index }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), page: index }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('reload' as const),
        page: index,
        ms: soon,
        again: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('mood' as const),
        mood: fc.constantFrom(
          { loss: 0, repeat: 0, mix: 0 },
          { loss: 0.3, repeat: 0.2, mix: 0 },
          { loss: 0.2, repeat: 0.2, mix: 0.4 },
          { loss: 0.9, repeat: 0, mix: 0 },
        ),
      }),
    },
  ),
  { minLength: 4, maxLength: 40 },
);
type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

const isOpen = (page: TestPage, closed: Set<TestPage>) => !closed.has(page);

/** Carries out steps. @returns the pages that are open at the end */
async function run(world: RoomWorld, list: Steps): Promise<TestPage[]> {
  const closed = new Set<TestPage>();
  const open = () => world.pages.filter((page) => isOpen(page, closed));
  const numberOf = ({ member }: TestPage) => world.members.indexOf(member) + 1;
  for (let number = 1; number <= MEMBERS; number++) world.open(number);
  for (const step of list) {
    const pages = open();
    const page = 'page' in step ? pages[step.page % Math.max(1, pages.length)] : undefined;
    if (step.do === 'open') world.open(step.member);
    else if (step.do === 'pass') await world.clock.pass(step.ms);
    else if (step.do === 'mood') world.relay.mood = step.mood;
    else if (page === undefined) continue;
    else if (step.do === 'enter') {
      const mine = pages.filter((one) => one.member === page.member && one !== page);
      page.room.enter(VOICE, step.takes ? mine.map(({ room }) => room.page).slice(0, 8) : []);
    } else if (step.do === 'fall') {
      page.socket.fall(step.notice);
      world.clock.after(step.ms, () => {
        if (isOpen(page, closed)) page.socket.stand();
      });
    } else if (step.do === 'break') {
      for (const one of world.media.open) if (one.page === page.room.page) one.breakWay();
    } else if (step.do === 'network') page.room.networkChanged();
    else if (step.do === 'mute') page.room.setOwn({ muted: step.muted });
    else if (step.do === 'decline') page.room.decline();
    else if (step.do === 'leave') {
      closed.add(page);
      void page.room.leave();
    } else if (step.do === 'reload') {
      const at = page.room.snapshot.at;
      closed.add(page);
      page.room.stop();
      await world.clock.pass(step.ms);
      const next = world.open(numberOf(page));
      if (step.again && at === 'in') next.room.enter(VOICE, [page.room.page]);
    }
  }
  return open();
}

/** What is not as it ought to be when everything has been quiet for a while. */
function faultsOf(world: RoomWorld, pages: TestPage[]): string[] {
  const faults: string[] = [];
  const name = (page: TestPage) => `${page.member.slice(-1)}/${page.room.page.slice(0, 4)}`;
  const isIn = ({ room }: TestPage) => room.snapshot.at === 'in';
  for (const a of pages) {
    if (!a.room.snapshot.isSeated) faults.push(`${name(a)} has no seat`);
    const known = a.room.snapshot.pages.length;
    if (known !== pages.length - 1) faults.push(`${name(a)} knows ${known} pages of ${pages.length - 1}`);
    for (const b of pages) {
      if (a === b) continue;
      const seen = world.seen(a, b);
      const { at } = b.room.snapshot;
      if (seen?.at !== at) faults.push(`${name(a)} takes ${name(b)} to be ${seen?.at}, which is ${at}`);
      if (a.member === b.member && isIn(a) && isIn(b)) faults.push(`${name(a)} and ${name(b)} are both in`);
      const ought = isIn(a) && isIn(b) && a.member !== b.member ? 'connected' : undefined;
      if (seen?.connection !== ought)
        faults.push(`${name(a)} to ${name(b)}: ${seen?.connection}, not ${ought}`);
    }
    for (const { code } of a.refusals) if (code !== 'signal_order') faults.push(`${name(a)} refused ${code}`);
  }
  const inside = pages.filter(isIn);
  const pairs = inside
    .flatMap((a) => inside.map((b) => [a, b] as const))
    .filter(([a, b]) => a.member !== b.member);
  if (world.media.open.length !== pairs.length)
    faults.push(`${world.media.open.length} connections for ${pairs.length} ends`);
  return faults;
}

describe('whatever happens, in whatever order', () => {
  it('connects all pages that are in once it is quiet, agrees on who is, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat({ max: 2 ** 31 }), async (list, seed) => {
        const world = new RoomWorld(MEMBERS, seed);
        const pages = await run(world, list);
        world.relay.mood = { loss: 0, repeat: 0, mix: 0 };
        await world.clock.pass(60_000);
        for (const { socket } of pages) socket.stand();
        await world.clock.pass(120_000);
        expect(faultsOf(world, pages)).toEqual([]);
        expect(await world.end()).toEqual([]);
      }),
      { numRuns: Number(process.env.RUNS ?? 150) },
    );
  }, 300_000);
});
