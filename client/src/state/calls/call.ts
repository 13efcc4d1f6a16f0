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
  /** Addresses of this machine are told to the others: as the setting was when this page joined. */
  isDirect = false;
  /** This window shall not ring for it. */
  isSilenced = false;
  /** Since when it goes on, where this page was in it together with somebody else. */
  startedAt: number | undefined;
  /** Members who were in it, and who declined, as far as this page knows. */
  readonly joined = new Set<string>();
  readonly declined = new Set<string>();
  /** Codes of what was refused in it. */
  readonly refused = new Set<ErrorCode>();
  /** At whom this page makes it ring. */
  readonly ringsAt = new Set<string>();

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
    const rang = this.ringsAt.size;
    for (const { member, wasIn, hasDeclined } of snapshot.members) {
      if (wasIn) this.joined.add(member);
      if (hasDeclined) this.declined.add(member);
      // Who has answered is not rung at again in another window, though that one was left.
      if (wasIn || hasDeclined) this.ringsAt.delete(member);
    }
    if (this.ringsAt.size < rang) this.#tellRinging();
    if (snapshot.at === 'in' && this.othersIn.length > 0) this.startedAt ??= now - (snapshot.age ?? 0);
  }

  /** Rings at these members for a while from now on; somebody in it has to do that. */
  ring(members: readonly string[], after: After): void {
    for (const member of members) this.ringsAt.add(member);
    this.#tellRinging();
    after(RING_MS, () => {
      for (const member of members) this.ringsAt.delete(member);
      this.#tellRinging();
    });
  }

  /** Goes on for a call that this page has left, without ringing. */
  follow({ startedAt, joined, declined, snapshot }: Call): void {
    this.isSilenced = true;
    // Who was added since the invitation is still on the list, by whom it was.
    for (const { member, addedBy } of snapshot.members) this.room.add([member], addedBy);
    this.followedSince = startedAt;
    for (const member of joined) this.joined.add(member);
    for (const member of declined) this.declined.add(member);
  }

  /** Everyone who may take part, as far as this page knows. */
  get members(): string[] {
    return this.snapshot.members.map(({ member }) => member);
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

  #tellRinging(): void {
    this.room.setOwn({ rings: [...this.ringsAt] });
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
