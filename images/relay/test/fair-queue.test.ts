import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFairQueue } from '../src/limits/fair-queue.ts';

/** Lets everything go on that can. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(all: number, each: number) {
  const queue = createFairQueue({ all, each });
  const order: string[] = [];
  const held: { who: string; leave: () => void }[] = [];
  const ask = (who: string, times = 1) => {
    for (let i = 0; i < times; i++)
      void queue.enter(who).then((leave) => {
        order.push(who);
        held.push({ who, leave });
      });
  };
  return { queue, order, held, ask };
}

test('who asks for little does not wait for who asks for much', async () => {
  const { order, held, ask } = setUp(1, 1);
  ask('much', 100);
  ask('little');
  ask('other', 2);
  for (let i = 0; i < 6; i++) {
    await settle();
    held.pop()?.leave();
  }
  expect(order).toEqual(['much', 'much', 'little', 'other', 'much', 'other']);
});

test('nobody gets all places, also while nobody else asks', async () => {
  const { queue, order, ask } = setUp(4, 3);
  ask('much', 100);
  await settle();
  expect(order).toHaveLength(3);
  expect(queue.waiting()).toBe(97);
  ask('little', 2);
  await settle();
  expect(order.slice(3)).toEqual(['little']);
});

test('one has less while others ask, until a second after', async () => {
  const clock = { now: 0 };
  const queue = createFairQueue({ all: 8, each: 6, beside: 2 }, () => clock.now);
  const held: (() => void)[] = [];
  const ask = async (who: string, times: number) => {
    for (let i = 0; i < times; i++) void queue.enter(who).then((leave) => held.push(leave));
    await settle();
    return held.length;
  };
  expect(await ask('much', 5)).toBe(5);
  const other = await queue.enter('other');
  other();
  expect(await ask('much', 1)).toBe(5);
  for (const leave of held.splice(0, 4)) leave();
  await settle();
  expect([held.length, queue.waiting()]).toEqual([2, 0]);
  expect(await ask('much', 3)).toBe(2);
  clock.now += 1_001;
  held.shift()?.();
  await settle();
  expect([held.length, queue.waiting()]).toEqual([4, 0]);
});

test("the relay's own work neither waits nor takes a place", async () => {
  const { queue, order, ask } = setUp(1, 1);
  ask('somebody');
  await settle();
  const leave = await queue.enter(undefined);
  leave();
  ask('other');
  await settle();
  expect(order).toEqual(['somebody']);
});

test('a place is given back once', async () => {
  const { queue, order, ask } = setUp(2, 2);
  const leave = await queue.enter('a');
  leave();
  leave();
  ask('b', 4);
  await settle();
  expect(order).toEqual(['b', 'b']);
});

test('whatever comes and goes: bounds hold, no place is left free while somebody may have it, everybody comes to turn', async () => {
  const step = fc.record({ who: fc.constantFrom('a', 'b', 'c'), asks: fc.boolean(), which: fc.nat() });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { maxLength: 60 }),
      async (all, each, steps) => {
        const { queue, order, held, ask } = setUp(all, each);
        let asked = 0;
        const check = () => {
          const of = (who: string) => held.filter((one) => one.who === who).length;
          expect(held.length).toBeLessThanOrEqual(all);
          for (const who of ['a', 'b', 'c']) expect(of(who)).toBeLessThanOrEqual(each);
          expect(order.length + queue.waiting()).toBe(asked);
          if (held.length < all && queue.waiting() > 0)
            expect(['a', 'b', 'c'].filter((who) => of(who) === each)).not.toEqual([]);
        };
        for (const { who, asks, which } of steps) {
          if (asks) ask(who);
          else held.splice(which % Math.max(1, held.length), 1)[0]?.leave();
          asked += asks ? 1 : 0;
          await settle();
          check();
        }
        for (let last = held.pop(); last !== undefined; last = held.pop()) {
          last.leave();
          await settle();
        }
        expect([order.length, queue.waiting()]).toEqual([asked, 0]);
      },
    ),
    { numRuns: 60 },
  );
});
