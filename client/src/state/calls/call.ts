/** A call that this page knows of: its invitation, and the room. */
import { hex } from '@relay/protocol';
import type { CallRoomApi, RoomSnapshot } from './room/room.ts';

/** What an invitation says. Members in hexadecimal. */
export interface Invitation {
  secret: Uint8Array;
  /** Everyone invited, the caller included. */
  members: readonly string[];
  camera: boolean;
  /** Milliseconds from the Unix epoch. */
  until: number;
  /** Who called. */
  from: string;
  /** Conversations in which it was sent by this member, or the one in which it came. */
  conversations: readonly string[];
}

/** One call. */
export class Call {
  readonly invitation: Invitation;
  readonly room: CallRoomApi;
  /** Names the call among all: the room's id, 32 bytes in hexadecimal. */
  readonly id: string;
  /** This member began it, on this page. */
  readonly isBegunHere: boolean;
  snapshot: RoomSnapshot;
  /** This window shall not ring for it. */
  isSilenced = false;
  /** When somebody else was in it together with this page for the first time. */
  startedAt: number | undefined;
  /** Its length when it ended for this page, in seconds. */
  readonly joined = new Set<string>();
  readonly declined = new Set<string>();

  constructor(id: string, invitation: Invitation, room: CallRoomApi, isBegunHere: boolean) {
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

  /** Other members who are in it. */
  get othersIn(): string[] {
    return this.#pagesAt('in', false);
  }

  /** Other members whose windows know of it and have not answered. */
  get ringing(): string[] {
    return this.#pagesAt('watching', false);
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

/** Names a secret in a map. */
export const nameOf = (secret: Uint8Array): string => hex(secret);
