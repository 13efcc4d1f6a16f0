import { TICKET_BLOBS } from '@relay/protocol/wire';

/** Significant binary digits of the room that is told. */
const DIGITS = 3;

/**
 * Whether a mailbox has room for all that a ticket can carry.
 * @param taken blobs that are there, and those that tickets sold before may still bring
 */
export function hasRoom(taken: number, mailboxMaxBlobs: number): boolean {
  return taken + TICKET_BLOBS <= mailboxMaxBlobs;
}

/**
 * What is told of a mailbox's room besides a ticket: so coarse that nobody learns from it how many blobs are there, or whether a
 * message came (SPEC.md §13).
 * @param blobs in the mailbox, which has room for a ticket
 * @returns blobs, rounded down to three significant binary digits
 */
export function roomBesides(blobs: number, mailboxMaxBlobs: number): number {
  const room = mailboxMaxBlobs - blobs - TICKET_BLOBS;
  const step = 2 ** Math.max(0, room.toString(2).length - DIGITS);
  return room - (room % step);
}
