/** Reads own records out of what an earlier page left in the outbox. */
import { fromHex, hex } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import { readRecord } from '../../crypto/opened.ts';
import type { Letter, LetterRecord } from './letter.ts';
import { targetsOf } from './sent-log.ts';

/** Who restores. */
export interface Restorer {
  circleId: Uint8Array;
  /** Key hash of this member, hexadecimal. */
  self: string;
}

/**
 * One record of a letter: what waits for a member, or a line of the sent log that tells where it went.
 * @throws RelayError `record_invalid`
 */
export async function restoreRecord(
  { circleId, self }: Restorer,
  { purpose, recipient }: Letter,
  line: LetterRecord,
): Promise<OpenedRecord> {
  const targets = purpose === 'log' ? targetsOf(line) : [];
  const members = purpose === 'log' ? targets.map(({ member }) => member) : [fromHex(recipient)];
  const record = await readRecord(circleId, line.content, fromHex(self), members);
  const sentTo = targets.map(({ member, blob, file }) => ({
    member: hex(member),
    blob: hex(blob),
    fileKey: file,
  }));
  const key = line.private.file;
  if (purpose === 'log' || !(key instanceof Uint8Array)) return { ...record, sentTo };
  return recipient === self
    ? { ...record, fileKey: key }
    : { ...record, waitingFor: [{ member: recipient, fileKey: key }] };
}
