/** Which group goes on as which, and which are over (SPEC.md §8, §9). */
import type { GroupDescriptor } from '@relay/protocol';
import { hex } from '@relay/protocol';
import type { History } from './history.ts';

/** What is known of a group. */
export interface LineageGroup {
  /** Key hashes, hexadecimal, this member included. */
  members: readonly string[];
  group: Pick<GroupDescriptor, 'parent'> | undefined;
  history: Pick<History, 'id' | 'activity' | 'leavers' | 'continuations'>;
}

/** Where a group stands among the others. Ids are hexadecimal. */
export interface Lineage {
  /** The group that this one continues, where it is known. */
  continues?: string;
  /** The group that goes on instead of this one. */
  continuedBy?: string;
  /** `left`: this member left. `removed`: the others go on without it. */
  ended?: 'left' | 'removed';
  /** Nothing can be written any more: it is continued or ended, or everybody else has left. */
  isClosed: boolean;
}

/**
 * Finds where each group stands, by its id.
 * @param self key hash of this member, hexadecimal
 * @param groups all that this member is in, the successors of those that somebody left among them
 */
export function lineageOf(self: string, groups: readonly LineageGroup[]): Map<string, Lineage> {
  const known = new Map(groups.map((group) => [group.history.id, group]));
  return new Map(groups.map((group) => [group.history.id, stateOf(group, known, self)]));
}

type Known = ReadonlyMap<string, LineageGroup>;

function stateOf(group: LineageGroup, known: Known, self: string): Lineage {
  const { history, members } = group;
  const leavers = history.leavers();
  const parent = parentOf(group);
  const continues = known.has(parent) ? { continues: parent } : {};
  if (leavers.includes(self)) return { ...continues, ended: 'left', isClosed: true };
  const next = nextOf(group, known, self);
  if (next !== undefined) return { ...continues, continuedBy: next, isClosed: true };
  const isRemoved = history.continuations().some((one) => !known.has(one.group));
  if (isRemoved) return { ...continues, ended: 'removed', isClosed: true };
  const isAlone = members.every((member) => member === self || leavers.includes(member));
  return { ...continues, isClosed: isAlone };
}

/** Of several groups that go on, the one where something was written last: that is where the members come together again. */
function nextOf(group: LineageGroup, known: Known, self: string): string | undefined {
  const named = new Set(group.history.continuations().map((one) => one.group));
  const left = group.history.leavers();
  const [next] = [...known.values()]
    // A group that names no parent, or another, does not continue this one, whoever says so.
    .filter((one) => parentOf(one) === group.history.id && one.members.includes(self))
    .filter((one) => named.has(one.history.id) || left.some((leaver) => isWithout(one, group, leaver)))
    .map(({ history }) => history)
    .toSorted((a, b) => b.activity - a.activity || (a.id < b.id ? -1 : 1));
  return next?.id;
}

/** Whether a group has all members of another but that one, as the successor after a member left has. */
function isWithout({ members }: LineageGroup, before: LineageGroup, leaver: string): boolean {
  return members.join() === before.members.filter((member) => member !== leaver).join();
}

function parentOf({ group }: LineageGroup): string {
  return group === undefined ? '' : hex(group.parent);
}
