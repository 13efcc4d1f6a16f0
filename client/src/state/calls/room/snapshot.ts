/** What the room tells of itself. Pure. */
import type { Fault } from '../../model.ts';
import type { Page } from './attendance.ts';
import { isIn } from './attendance.ts';
import type { OwnPart } from './own-part.ts';
import type { Peers } from './peers.ts';
import type { MemberView, PageView, RoomSnapshot } from './room-types.ts';
import type { Seating } from './seating.ts';

/** What a snapshot is made of. */
export interface RoomParts {
  self: string;
  own: OwnPart;
  seating: Seating;
  pages: Iterable<Page>;
  peers: Peers;
  /** Why nothing can be sent to a member. */
  faults: ReadonlyMap<string, Fault>;
  members: MemberView[];
}

/** All that is known now. */
export function snapshotOf(parts: RoomParts): RoomSnapshot {
  const { self, own, seating, peers, faults, members } = parts;
  const { was } = own;
  const pages = [...parts.pages];
  const isBack = pages.some((page) => page.member === self && page.page === was?.page && page.seated);
  return {
    id: seating.id,
    page: own.page,
    at: own.at,
    isSeated: seating.seat !== undefined,
    fault: seating.fault,
    pages: pages.flatMap((page) => viewOf(page, self, peers, faults)),
    members,
    age: own.age,
    rings: pages.some((page) => page.member !== self && isIn(page) && page.state?.rings && page.seated),
    was: isBack ? undefined : was,
  };
}

function viewOf(page: Page, self: string, peers: Peers, faults: RoomParts['faults']): PageView[] {
  const { state, member } = page;
  if (state === undefined) return [];
  const { at, muted, deafened, camera, screen } = state;
  const peer = peers.of(page);
  const view: PageView = {
    member,
    page: page.page,
    own: member === self,
    at,
    muted,
    deafened,
    camera,
    screen,
    isSeated: page.seated !== undefined,
    connection: peer?.state,
    streams: { ...peer?.streams },
    fault: peer?.fault ?? faults.get(member),
    report: peer?.report,
  };
  return [view];
}
