/** What showing a conversation needs besides its records. */
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { Contact, Fault, FileProgress, RecipientDelivery } from '../model.ts';

/** A long text that was loaded, or why it was not. */
export type LoadedText = { text: string } | { fault: Fault };

/** What this page knows of a call besides the records. */
export interface CallStanding {
  /** The room's id. */
  id: string;
  phase: 'ongoing' | 'over' | 'unknown';
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
  /**
   * A call by its secret.
   * @param until when its invitation ends, in milliseconds
   * @returns undefined while its id is being derived
   */
  callOf(secret: Uint8Array, until: number): CallStanding | undefined;
  /** Replies, reactions and edits are possible. */
  canWrite: boolean;
}
