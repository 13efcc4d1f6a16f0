import { afterEach, describe, expect, it } from 'vitest';
import type { TestPage } from './support/room-world.ts';
import { RoomWorld, VOICE } from './support/room-world.ts';

let world: RoomWorld;

afterEach(async () => {
  expect(await world.end()).toEqual([]);
});

function expectConnected(...pages: TestPage[]) {
  for (const a of pages)
    for (const b of pages) if (a.member !== b.member) expect(world.seen(a, b)?.connection).toBe('connected');
}

describe('a call', () => {
  it('connects everyone who is in, and nobody who watches', async () => {
    world = new RoomWorld(4);
    const [ann, bob, cat] = (await world.call(1, 2, 3)) as [TestPage, TestPage, TestPage];
    const dan = world.open(4);
    await world.clock.pass(3_000);
    expectConnected(ann, bob, cat);
    expect(world.seen(dan, ann)).toMatchObject({ at: 'in', connection: undefined });
    expect(world.seen(ann, dan)).toMatchObject({ at: 'watching', connection: undefined });
    expect(world.media.open).toHaveLength(6);
  });
});
