/** A call that this page knows of: its invitation, and the room. */
import type { ErrorCode } from '@relay/protocol';
import type { ActiveCall, Fault } from '../model.ts';
import type { After } from '../timer.ts';
import { RING_MS } from './ending.ts';
import type { Invitation } from './invitation.ts';
import type { CallRoom, RoomSnapshot } from './room/room.ts';

/** One call. */
export class Call {
  readonly invitation: Invitation;
  readonly room: CallRoom;
  /** Names the call among all: the room's id, 32 bytes in hexadecimal. */
  readonly id: string;
  /** This member began it, on this page. */
  readonly isBegunHere: boolean;
  snapshot: RoomSnapshot;
  /** Since when this page was in it before, which it has told of where it had to. */
  followedSince: number | undefined;
  /** This window shall not ring for it. */
  isSilenced = false;
  /** When somebody else was in it together with this page for the first time. */
  startedAt: number | undefined;
  /** Members who were in it, and who declined, as far as this page knows. */
  readonly joined = new Set<string>();
  readonly declined = new Set<string>();
  /** Codes of what was refused in it. */
  readonly refused = new Set<ErrorCode>();
  #quieten: (() => void) | undefined;

  constructor(id: string, invitation: Invitation, room: CallRoom, isBegunHere: boolean) {
    this.id = id;
    this.invitation = invitation;
    this.room = room;
    this.isBegunHere = isBegunHere;
    this.snapshot = room.snapshot;
  }

  /** Takes in what the room tells now. */
  take(snapshot: RoomSnapshot, now: number): void {
    this.snapshot = snapshot;
    for (const { member, wasIn, hasDeclined } of snapshot.members) {
      if (wasIn) this.joined.add(member);
      if (hasDeclined) this.declined.add(member);
    }
    if (snapshot.at === 'in' && this.othersIn.length > 0) this.startedAt ??= now;
  }

  /** Rings at those who were invited and have not answered, for a while from now on; somebody in it has to do that. */
  ring(after: After): void {
    this.#quieten?.();
    this.room.setOwn({ rings: true });
    this.#quieten = after(RING_MS, () => this.room.setOwn({ rings: false }));
  }

  /** Goes on for a call that this page has left, without ringing. */
  follow({ startedAt, joined, declined }: Call): void {
    this.isSilenced = true;
    this.followedSince = startedAt;
    for (const member of joined) this.joined.add(member);
    for (const member of declined) this.declined.add(member);
  }

  /** Other members who are in it. */
  get othersIn(): string[] {
    return this.#pagesAt('in', false);
  }

  /** Other members who were never in it, whose windows know of it and have not answered. */
  get ringing(): string[] {
    return this.#pagesAt('watching', false).filter((member) => !this.joined.has(member));
  }

  /** Pages of this member that are in it elsewhere. */
  get elsewhere(): string[] {
    return this.snapshot.pages.filter(({ own, at }) => own && at === 'in').map(({ page }) => page);
  }

  /** This member declined, here or in another window. */
  get isDeclined(): boolean {
    const { at, pages } = this.snapshot;
    return at === 'declined' || pages.some((page) => page.own && page.at === 'declined');
  }

  /** It rings in this window. */
  get rings(): boolean {
    const { at, rings } = this.snapshot;
    const isOpen = at === 'watching' || at === 'busy';
    return isOpen && rings && !this.isSilenced && !this.isDeclined && this.elsewhere.length === 0;
  }

  #pagesAt(at: 'in' | 'watching', own: boolean): string[] {
    const pages = this.snapshot.pages.filter((page) => page.own === own && page.at === at);
    return [...new Set(pages.map(({ member }) => member))];
  }
}

/** The call that this page is in, or that has just ended. */
export interface Active {
  call: Call;
  enteredAt: number;
  ending: NonNullable<ActiveCall['ending']> | undefined;
  fault: Fault | undefined;
}
