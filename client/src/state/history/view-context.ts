/** What showing a conversation needs besides its records. */
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { Contact, Fault, FileProgress, RecipientDelivery } from '../model.ts';

/** A long text that was loaded, or why it was not. */
export type LoadedText = { text: string } | { fault: Fault };

/** How a call stands, as far as this page knows. */
export interface CallStanding {
  /** Of its room, 32 bytes in hexadecimal. */
  id: string | undefined;
  isOngoing: boolean;
  /** Nobody can be in it any more, or nobody was found there. */
  isOver: boolean;
}

/** Looked up each time that a conversation is shown. */
export interface ViewContext {
  /** Milliseconds from the Unix epoch. */
  now: number;
  /** A member by its key hash, hexadecimal. */
  contactOf(id: string): Contact;
  /** How far an own record got with each recipient; with oneself, in notes. */
  recipientsOf(record: OpenedRecord): RecipientDelivery[];
  /** By record hash. */
  fileProgressOf(hash: string): FileProgress;
  /** A long text by record hash; undefined while it is loading. */
  textOf(hash: string): LoadedText | undefined;
  /** How the call of an invitation stands, by record hash: the room's id once it is known, and whether the call goes on or can be over only. */
  callOf(hash: string): CallStanding;
  /** Replies, reactions and edits are possible. */
  canWrite: boolean;
}
