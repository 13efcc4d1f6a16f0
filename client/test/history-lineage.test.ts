import { fromHex } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import type { LineageGroup } from '../src/state/history/lineage.ts';
import { lineageOf } from '../src/state/history/lineage.ts';
import { BOB, CAROL, id32, SELF } from './support/chronicle.ts';

const DAVE = id32(0xd0);
const [OLD, NEW, OTHER, UNKNOWN] = [id32(1), id32(2), id32(3), id32(4)] as const;

interface About {
  parent?: string;
  members?: string[];
  left?: string[];
  continuedAs?: string[];
  activity?: number;
}

function group(id: string, about: About = {}): LineageGroup {
  const {
    parent = '',
    members = [SELF, BOB, CAROL, DAVE],
    left = [],
    continuedAs = [],
    activity = 0,
  } = about;
  const history = {
    id,
    activity,
    leavers: () => left,
    continuations: () => continuedAs.map((to) => ({ group: to, author: BOB })),
  };
  return { members: members.toSorted(), group: { parent: fromHex(parent) }, history };
}

const stateOf = (id: string, ...groups: LineageGroup[]) => lineageOf(SELF, groups).get(id);

describe('the lineage of groups', () => {
  it('is nothing for a group that stands alone, or continues one that is not known', () => {
    expect(stateOf(OLD, group(OLD))).toEqual({ isClosed: false });
    expect(stateOf(NEW, group(NEW, { parent: UNKNOWN }))).toEqual({ isClosed: false });
  });

  it('goes from a group to the one that its members named', () => {
    const groups = [group(OLD, { continuedAs: [NEW] }), group(NEW, { parent: OLD, members: [SELF, BOB] })];
    expect(stateOf(OLD, ...groups)).toEqual({ continuedBy: NEW, isClosed: true });
    expect(stateOf(NEW, ...groups)).toEqual({ continues: OLD, isClosed: false });
  });

  it('takes only a group that names this one as its parent', () => {
    for (const parent of ['', OTHER])
      expect(stateOf(OLD, group(OLD, { continuedAs: [NEW] }), group(NEW, { parent }))).toEqual({
        isClosed: false,
      });
    // A group that nobody spoke of here does not end this one either.
    expect(stateOf(OLD, group(OLD), group(NEW, { parent: OLD }))).toEqual({ isClosed: false });
  });

  it('takes of several the one where something was written last, then the smallest id', () => {
    const old = group(OLD, { continuedAs: [OTHER, NEW] });
    const next = (a: number, b: number) =>
      stateOf(
        old.history.id,
        old,
        ...[NEW, OTHER].map((id, i) => group(id, { parent: OLD, activity: i ? b : a })),
      )?.continuedBy;
    expect([next(1, 2), next(2, 1), next(1, 1)]).toEqual([OTHER, NEW, NEW]);
  });

  it('goes on without a member who left, in the group of all others', () => {
    const old = group(OLD, { left: [BOB] });
    const next = group(NEW, { parent: OLD, members: [SELF, CAROL, DAVE] });
    const other = group(OTHER, { parent: OLD, members: [SELF, CAROL], activity: 9 });
    expect(stateOf(OLD, old, next, other)).toEqual({ continuedBy: NEW, isClosed: true });
    expect(stateOf(OLD, old)).toEqual({ isClosed: false });
  });

  it('ends for a member who left, though it was in a group that goes on', () => {
    const old = group(OLD, { left: [BOB, SELF], continuedAs: [UNKNOWN] });
    const next = group(NEW, { parent: OLD, members: [SELF, CAROL, DAVE] });
    expect(stateOf(OLD, old, next)).toEqual({ ended: 'left', isClosed: true });
  });

  it('ends for a member without whom the others go on', () => {
    const old = group(OLD, { parent: OTHER, continuedAs: [UNKNOWN] });
    expect(stateOf(OLD, old, group(OTHER))).toEqual({ continues: OTHER, ended: 'removed', isClosed: true });
    // It is in one of those that go on.
    const both = group(OLD, { continuedAs: [UNKNOWN, NEW] });
    expect(stateOf(OLD, both, group(NEW, { parent: OLD }))).toEqual({ continuedBy: NEW, isClosed: true });
  });

  it('is closed when everybody else has left', () => {
    expect(stateOf(OLD, group(OLD, { members: [SELF, BOB], left: [BOB] }))).toEqual({ isClosed: true });
  });
});
