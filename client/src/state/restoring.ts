/** Reads own messages out of what an earlier page left in the outbox. */
import type { BodyRecord } from '@relay/protocol';
import { fromHex } from '@relay/protocol';
import type { OpenedMessage, OpenedRecord } from '../crypto/opened.ts';
import type { VaultClient } from '../crypto/spawn.ts';
import { blobOf } from './outbox.ts';
import type { OutboxItem } from './outbox-item.ts';
import type { LogLine, SentLog } from './sent-log.ts';

/** What restoring needs of the world. */
export interface RestoringParts {
  vault: Pick<VaultClient, 'openMessage'>;
  sentLog: SentLog;
  /** Key hash of this member, hexadecimal. */
  self: string;
}

/**
 * Opens what is sealed to this member itself: its sent log, which tells of all that waits for others, and its notes.
 * @param item a row of the outbox
 * @returns undefined for what is sealed to others
 * @throws RelayError as `Vault.openMessage`
 */
export async function restoreItem(
  { vault, sentLog, self }: RestoringParts,
  item: OutboxItem,
): Promise<OpenedMessage | undefined> {
  if (item.recipient !== self || item.purpose === 'part') return undefined;
  const message = await vault.openMessage(item.id, blobOf(item));
  if (item.purpose === 'log') sentLog.restore(item.id, message.records.map(lineOf), item.due);
  return message;
}

function lineOf({ hash, content, sentTo }: OpenedRecord): LogLine {
  const to = sentTo.map(({ member, blob, fileKey }) => ({
    member: fromHex(member),
    blob: fromHex(blob),
    ...(fileKey === undefined ? {} : { file: fileKey }),
  }));
  const part: BodyRecord['private'] = { to };
  return { hash, content, private: part };
}
