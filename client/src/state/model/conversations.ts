/** Conversations, as the UI shows them. Ids and keys are opaque texts; times are milliseconds from the Unix epoch; sizes are bytes. */
import type { Item, Media } from './items.ts';
import type { Contact, Fault } from './people.ts';

/** What a conversation is, beyond its items. */
export type ConversationKind =
  /** With one other member. */
  | { kind: 'direct'; peer: Contact }
  /** The member's own notes. */
  | { kind: 'notes'; peer: Contact }
  | {
      kind: 'group';
      /** Empty until somebody named it: the UI then names its members. */
      name: string;
      /** Id of the group that this one continues, where that is shown too. */
      continues?: string;
      /** Id of the group that continues this one, where this member is in it. A group that is continued is read-only. */
      continuedBy?: string;
      /** This member left, or the others went on without it. Read-only then. */
      ended?: 'left' | 'removed';
    };

/** A file on its way out. */
export interface UploadItem {
  id: string;
  name: string;
  size: number;
  media: Media;
  /** Of all that goes to all recipients: bytes that the relay has, bytes in all. */
  sent: number;
  total: number;
  /**
   * `preparing`: being sealed, still needs the original. `sending`: the original is no longer needed. `paused` by this member. `unfinished`: the page was
   * reloaded before all was sealed; give the same file again with `Actions.resumeUpload`. `failed`: see `fault`; resume tries again.
   */
  phase: 'preparing' | 'sending' | 'paused' | 'unfinished' | 'failed';
  fault?: Fault;
}

/** One conversation with its items in causal order. */
export type Conversation = ConversationKind & {
  id: string;
  /** Everyone in it, this member included, by number. */
  members: Contact[];
  items: Item[];
  unread: number;
  /** Key of the first unread message when the conversation was last opened, for the mark above it. */
  firstUnread?: string;
  /** Whether something can be written here now. */
  canWrite: boolean;
  /** Files on their way out, oldest first. */
  uploads: UploadItem[];
};
