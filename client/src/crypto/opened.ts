/** What comes out of a message blob, checked record by record. */
import type {
  ErrorCode,
  GroupDescriptor,
  Identity,
  MessageBody,
  Recognised,
  Record as WireRecord,
} from '@relay/protocol';
import {
  BLOB_KIND,
  checkConversation,
  decodeRecord,
  equalBytes,
  hex,
  messagePrivate,
  RelayError,
  recordHash,
  sentLogPrivate,
  titleOf,
} from '@relay/protocol';

/** A reference from one record to another. */
export interface RecordReference {
  /** Hexadecimal record hash. */
  hash: string;
  /** Hexadecimal key hash of the author, as the referring record claims. */
  author: string;
  writer: string;
  n: number;
  /** Milliseconds from the Unix epoch. */
  at: number;
}

/** A record that passed every check which needs no memory (SPEC.md §8, §9). Ids are hexadecimal. */
export interface OpenedRecord {
  hash: string;
  id: string;
  author: string;
  at: number;
  conversation: string;
  /** Members of the conversation, sorted. */
  members: string[];
  group: GroupDescriptor | undefined;
  /** The name of the group as its writer knew it, and when that was given (milliseconds). */
  title?: [string, number];
  writer: string;
  n: number;
  /** What it names in `prev` and `heads`. */
  references: RecordReference[];
  kind: string;
  body: unknown;
  /** The record's bytes, to seal it again. */
  content: Uint8Array;
  /** File key for this member, where the record refers to a file. */
  fileKey: Uint8Array | undefined;
  /** For records of the sent log: to whom it went, under which blob ids. */
  sentTo: { member: string; blob: string; fileKey: Uint8Array | undefined }[];
  /** For records that wait in the outbox: keys of a text's chunks that wait with them. */
  waitingFor?: { member: string; fileKey: Uint8Array }[];
}

/** A message blob after opening. */
export interface OpenedMessage {
  /** Hexadecimal key hash of the signer. */
  sender: string;
  /** Serial of the sender's roster. */
  rosterSerial: number;
  /** Hash of the sender's roster, hexadecimal. */
  rosterHash: string;
  /** What the sender says of the relay's issuer key (SPEC.md §22.3); its hash in hexadecimal. */
  issuer?: { epoch: number; hash: string; hour: number };
  records: OpenedRecord[];
  /** Codes of the records that were refused. */
  refused: ErrorCode[];
}

function referencesOf(record: WireRecord, author: string, members: readonly string[]): RecordReference[] {
  const writer = hex(record.writer);
  const [prevHash, prevAt] = record.prev;
  const own =
    prevHash === undefined || prevAt === undefined
      ? []
      : [{ hash: hex(prevHash), author, writer, n: record.n - 1, at: prevAt }];
  const heads = record.heads.map(([index, headWriter, n, hash, at]) => {
    const headAuthor = members[index];
    if (headAuthor === undefined) throw new RelayError('record_invalid');
    return { hash: hex(hash), author: headAuthor, writer: hex(headWriter), n, at };
  });
  return [...own, ...heads];
}

/**
 * Reads one record's bytes.
 * @param author hexadecimal key hash of who signed it
 * @param recipients key hashes of those it was sealed to
 * @throws RelayError `record_invalid`
 */
export async function readRecord(
  circleId: Uint8Array,
  content: Uint8Array,
  author: Uint8Array,
  recipients: readonly Uint8Array[],
): Promise<OpenedRecord> {
  const record = decodeRecord(content);
  const title = titleOf(record);
  const members = (await checkConversation(circleId, record, author, recipients)).map(hex);
  return {
    hash: hex(await recordHash(content)),
    id: hex(record.id),
    author: hex(author),
    at: record.at,
    conversation: hex(record.conversation),
    members,
    group: record.group,
    ...(title === undefined ? {} : { title: [title.name, title.at] as [string, number] }),
    writer: hex(record.writer),
    n: record.n,
    references: referencesOf(record, hex(author), members),
    kind: record.kind,
    body: record.body,
    content,
    fileKey: undefined,
    sentTo: [],
  };
}

/** The records of a sent log pass as this member's own, so nobody else's log is ever read. */
export function isReadable({ pair, kind }: Recognised): boolean {
  const ownLog = kind === BLOB_KIND.sentLog && equalBytes(pair.peer.keyHash, pair.self.keys.keyHash);
  return kind === BLOB_KIND.message || ownLog;
}

/** Checks every record of an opened blob by itself. */
export async function readRecords(
  identity: Identity,
  { pair, kind }: Recognised,
  body: MessageBody,
): Promise<OpenedMessage> {
  const circleId = identity.roster.circleId;
  const self = identity.keys.keyHash;
  const opened: OpenedMessage = {
    sender: hex(pair.peer.keyHash),
    rosterSerial: body.roster.serial,
    rosterHash: hex(body.roster.hash),
    ...(body.issuer && { issuer: { ...body.issuer, hash: hex(body.issuer.hash) } }),
    records: [],
    refused: [],
  };
  for (const { content, private: part } of body.records) {
    try {
      if (kind === BLOB_KIND.sentLog) {
        const { to } = parse(sentLogPrivate, part);
        const record = await readRecord(
          circleId,
          content,
          self,
          to.map(({ member }) => member),
        );
        const sentTo = to.map(({ member, blob, file }) => ({
          member: hex(member),
          blob: hex(blob),
          fileKey: file,
        }));
        opened.records.push({ ...record, sentTo });
      } else {
        const { file } = parse(messagePrivate, part);
        const record = await readRecord(circleId, content, pair.peer.keyHash, [self]);
        opened.records.push({ ...record, fileKey: file });
      }
    } catch (error) {
      opened.refused.push(error instanceof RelayError ? error.code : 'record_invalid');
    }
  }
  return opened;
}

function parse<T>(schema: { parse(value: unknown): T }, value: unknown): T {
  try {
    return schema.parse(value);
  } catch (cause) {
    throw new RelayError('record_invalid', undefined, { cause });
  }
}
