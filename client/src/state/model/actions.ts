/** What the UI may ask. Ids and keys are opaque texts; times are milliseconds from the Unix epoch; sizes are bytes. */
import type { Settings } from './app-state.ts';
import type { CallActions } from './calls.ts';
import type { Fault } from './people.ts';

/** How a message is sent. */
export interface SendOptions {
  /** Key of the message that this one answers. */
  reply?: string;
}

/** Where a saved file goes: the writable end of a file on disk (a `FileSystemWritableFileStream` is one). */
export interface FileSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Everything was written and checked: keep it. */
  close(): Promise<void>;
  /** Keep nothing of it. */
  abort(): Promise<void>;
}

/** What the UI may ask. None of these throws: faults appear in the state, or are returned. */
export interface Actions extends CallActions {
  /** Opens an identity file; with a passphrase when `identity.phase` is `passphrase` (the file need not be given again). */
  openIdentity(input: { file?: Uint8Array; passphrase?: string }): Promise<void>;
  /** Forgets the identity and everything decrypted; the outbox stays, as ciphertext. */
  lock(): Promise<void>;

  /**
   * Sends a text to a conversation.
   * @returns a fault when it was not taken (empty, too long, read-only); the text then stays in the composer
   */
  sendText(conversationId: string, text: string, options?: SendOptions): Promise<Fault | undefined>;
  /** Changes the text of an own message, for everyone. */
  editText(messageKey: string, text: string): Promise<Fault | undefined>;
  /** Reacts to a message, in place of an earlier reaction; `undefined` takes it back. */
  react(messageKey: string, emoji: string | undefined): Promise<Fault | undefined>;
  /** Deletes an own message at the relay and tells everyone; chunks of a file too. */
  deleteForEveryone(messageKey: string): Promise<Fault | undefined>;
  /** Deletes a message from this member's own mailbox and sight, in every window and browser. */
  deleteForMe(messageKey: string): Promise<Fault | undefined>;
  /** Seals what failed again and sends it. */
  retry(messageKey: string): Promise<void>;
  /** Removes a failed message that never reached the relay. */
  discard(messageKey: string): Promise<void>;
  /** Everything in the conversation has been seen. */
  markRead(conversationId: string): void;

  /**
   * What the relay has room for, asked before anything is sent.
   * @param sizes of the files
   * @returns a fault with figures when they do not fit, else undefined
   */
  checkRoom(conversationId: string, sizes: readonly number[]): Promise<Fault | undefined>;
  /**
   * Begins to send a file; its progress shows in the conversation's `uploads`, and its message when all is at the relay.
   * @returns a fault when it was not taken, with figures where the relay has no room
   */
  sendFile(
    conversationId: string,
    file: Blob,
    about: { name: string; type: string },
    options?: SendOptions,
  ): Promise<Fault | undefined>;
  pauseUpload(uploadId: string): void;
  /**
   * Goes on with an upload that was paused or failed; with the same file again where it is `unfinished`.
   * @returns a fault when it is another file
   */
  resumeUpload(uploadId: string, file?: Blob): Promise<Fault | undefined>;
  /** Ends an upload, and deletes at the relay what had arrived. */
  cancelUpload(uploadId: string): Promise<void>;

  /** Loads the file of a message into memory, to show it; see `FileItem.progress`. */
  openFile(messageKey: string): Promise<void>;
  /** Loads the file of a message into a sink, as a stream with bounded memory, and checks it. */
  saveFile(messageKey: string, sink: FileSink): Promise<void>;
  pauseDownload(messageKey: string): void;
  resumeDownload(messageKey: string): void;
  /** Ends a download; what was in memory is forgotten. */
  cancelDownload(messageKey: string): Promise<void>;

  /**
   * Makes a group of this member and the named ones.
   * @param name may be empty
   * @returns its conversation id, or a fault
   */
  createGroup(name: string, memberIds: readonly string[]): Promise<{ id: string } | { fault: Fault }>;
  renameGroup(conversationId: string, name: string): Promise<Fault | undefined>;
  /** Goes on with other members, in a new group that names this one. */
  changeMembers(
    conversationId: string,
    memberIds: readonly string[],
  ): Promise<{ id: string } | { fault: Fault }>;
  leaveGroup(conversationId: string): Promise<Fault | undefined>;

  /** A name of one's own for a contact; empty removes it. */
  setNickname(contactId: string, nickname: string): void;
  setVerified(contactId: string, verified: boolean): void;
  changeSettings(change: Partial<Settings>): void;

  /**
   * Makes a new identity file that includes the roster in use.
   * @param passphrase wraps it, where one is given
   * @returns the file's bytes, or a fault
   */
  makeIdentityFile(passphrase?: string): Promise<{ file: Uint8Array<ArrayBuffer> } | { fault: Fault }>;
  /** Asks the relay for a roster update now. */
  fetchRoster(): Promise<void>;
  dismissRosterNews(): void;
  dismissAbsence(): void;

  /** Ends all sessions of this member, empties its mailbox and this machine's store, and locks. */
  panic(): Promise<Fault | undefined>;

  /** Tries to connect now instead of at `retryAt`. */
  reconnect(): void;
  /** Removes a notice. */
  dismissNotice(key: string): void;
}
