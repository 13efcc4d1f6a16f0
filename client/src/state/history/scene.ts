/** One look at a conversation: its records as they stand, and how to show them. */
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { Meaning, Message } from './meaning.ts';
import type { Projection } from './projection.ts';
import type { LoadedText, ViewContext } from './view-context.ts';

/** A message that is here, with what it says. */
export interface Here {
  record: OpenedRecord;
  message: Message;
}

/** What the parts of an item are made from. */
export interface Scene {
  /** Key hash of this member, hexadecimal. */
  self: string;
  context: ViewContext;
  projection: Projection;
  /** What a record says; undefined when it is not here, or is not shown. */
  find(hash: string): { record: OpenedRecord; meaning: Meaning } | undefined;
  expiryOf(hash: string): number | undefined;
}

/** The text of a message as it stands now; undefined for what has none, or while it is loading. */
export function loadedTextOf(scene: Scene, { record, message }: Here): LoadedText | undefined {
  if (message.kind !== 'text') return undefined;
  const text = scene.projection.editOf(record) ?? message.text;
  return text === undefined ? scene.context.textOf(record.hash) : { text };
}
