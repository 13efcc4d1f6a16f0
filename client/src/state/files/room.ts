/** Whether files fit the mailboxes that they go to, before anything is sent. */
import { BLOB_BYTES, chunkCount, MAX_FILE_BYTES } from '@relay/protocol';
import { faultOf } from '../fault.ts';
import type { Fault } from '../model.ts';
import { formatBytes } from './format-bytes.ts';

/** What a ticket tells of a mailbox (SPEC.md §13). */
export interface MailboxRoom {
  /** Name of its owner. */
  name: string;
  /** Blobs that still fit at least, and that fit an empty one. */
  room: number;
  capacity: number;
}

/**
 * Looks whether files fit.
 * @param sizes bytes of each
 * @returns `file_too_large`, with the figures of the fullest mailbox where that is what they do not fit, or undefined
 */
export function roomFault(sizes: readonly number[], mailboxes: readonly MailboxRoom[]): Fault | undefined {
  if (sizes.some((size) => size > MAX_FILE_BYTES))
    return faultOf('file_too_large', `No file can have more than ${formatBytes(MAX_FILE_BYTES)}.`);
  const needed = sizes.reduce((sum, size) => sum + chunkCount(size) + 1, 0);
  const [fullest] = [...mailboxes].sort((a, b) => a.room - b.room);
  if (fullest === undefined || needed <= fullest.room) return undefined;
  const { name, room, capacity } = fullest;
  const figure = (blobs: number) => formatBytes(blobs * BLOB_BYTES);
  const subject = sizes.length === 1 ? 'This file needs' : 'These files need';
  const need = `${subject} ${figure(needed)} at the relay.`;
  if (capacity > 0 && needed > capacity)
    return faultOf(
      'file_too_large',
      `${need} A mailbox holds ${figure(capacity)} at most, so it can never be sent as it is.`,
    );
  const left =
    room === 0
      ? 'no room left'
      : `room for about ${figure(room)}${capacity > 0 ? ` of ${figure(capacity)}` : ''}`;
  return faultOf('file_too_large', `${need} ${name}’s mailbox has ${left}, until earlier messages expire.`);
}
