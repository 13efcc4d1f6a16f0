/** The lines of a thread. Ids and keys are opaque texts; times are milliseconds from the Unix epoch; sizes are bytes. */
import type { CallItem } from './calls.ts';
import type { Contact, Fault } from './people.ts';

/**
 * How far an own message got, with one recipient or over all: `waiting` in the outbox, `sent` to the relay, `read` as its reader
 * said, `expired` at the relay without a word that it was read, `failed` for good. Over all recipients it is the least of them, in
 * the order failed, waiting, expired, sent, read.
 */
export type Delivery = 'waiting' | 'sent' | 'read' | 'expired' | 'failed';

/** How far an own message got with one recipient. */
export interface RecipientDelivery {
  contact: Contact;
  delivery: Delivery;
  /** Why it failed, or why it still waits. */
  fault?: Fault;
}

/** What is shown of a file. `other` is never shown in the page, only saved. */
export type Media = 'image' | 'audio' | 'video' | 'other';

/** How far the content of a received or sent file is here. */
export type FileProgress =
  /** At the relay, as far as is known. */
  | { phase: 'remote' }
  /** `received` of `size` bytes. */
  | { phase: 'loading' | 'paused'; received: number }
  /** In memory: `url` is an object URL of a type that the content was found to have; absent where it cannot be shown. */
  | { phase: 'ready'; url?: string }
  /** Written to disk and checked. */
  | { phase: 'saved' }
  /** Can be tried again, unless its chunks are gone. */
  | { phase: 'failed'; fault: Fault };

/** The file of a message. */
export interface FileItem {
  name: string;
  /** MIME type as its sender named it: for words, never for showing. */
  type: string;
  size: number;
  /** What its name and type promise; whether it holds shows only once it is loaded. */
  media: Media;
  progress: FileProgress;
}

/** What a reply answers. */
export interface ReplyItem {
  /** Key of the answered message. */
  key: string;
  /** `gone`: not among what is here. */
  state: 'here' | 'deleted' | 'gone';
  author?: Contact;
  /** The beginning of its text, or the name of its file. */
  excerpt?: string;
}

/** One reaction, and who reacted so. */
export interface ReactionItem {
  emoji: string;
  members: Contact[];
  /** This member did. */
  own: boolean;
}

/** A message in a conversation. */
export interface MessageItem {
  type: 'message';
  key: string;
  author: Contact;
  own: boolean;
  /** The writer's clock. */
  at: number;
  /**
   * When it ends at the relay, where that is known; else undefined, and it is between 60 and 108 hours after it arrived there. Milliseconds, a
   * whole hour.
   */
  expiresAt?: number;
  /**
   * `text`: `text` is there, or undefined while a long text is loading. `file`: see `file`. `deleted`: its writer deleted it for everyone. `unsupported`: a kind
   * this client does not know.
   */
  kind: 'text' | 'file' | 'deleted' | 'unsupported';
  text?: string;
  /** Why the text of a long message cannot be shown. */
  fault?: Fault;
  /** The kind as it was named by its writer. */
  kindName: string;
  /** Its writer changed it later; `text` is the latest. */
  isEdited: boolean;
  file?: FileItem;
  reply?: ReplyItem;
  reactions: ReactionItem[];
  /** Only for own messages: the least of `recipients`. */
  delivery?: Delivery;
  /** Why delivery failed; or, while it waits, why it could not leave when it was tried last. */
  deliveryFault?: Fault;
  /** Only for own messages to others. */
  recipients: RecipientDelivery[];
  /** Two different records claim the same place: the writer, or somebody with its key, told different things. */
  equivocates: boolean;
  /** What may be done with it now. Anything shown may be deleted for this member itself. */
  can: { reply: boolean; react: boolean; edit: boolean; deleteForEveryone: boolean };
}

/** Something that a later message names is not there. */
export interface GapItem {
  type: 'gap';
  key: string;
  /**
   * `expired`: old enough to have expired. `elsewhere`: said to be by this member, as what it wrote in another window is: copies come late. `missing`: withheld, lost,
   * or still on its way.
   */
  reason: 'expired' | 'elsewhere' | 'missing';
  count: number;
}

/** Something that happened to a group. */
export interface EventItem {
  type: 'event';
  key: string;
  at: number;
  author: Contact;
  /** `named`: now `name`. `left`: `author` left, the others go on in a new group. `continued`: `author` changed the members: a new group goes on. */
  event: 'named' | 'left' | 'continued';
  name?: string;
}

/** One line of a thread. */
export type Item = MessageItem | GapItem | EventItem | CallItem;
