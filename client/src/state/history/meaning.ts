/** What a record says, its ids in hexadecimal (SPEC.md §8). */
import type {
  CallBody,
  ContinueBody,
  DeleteBody,
  EditBody,
  FileBody,
  HangupBody,
  HideBody,
  KnownKind,
  ReactionBody,
  ReceiptBody,
  RenameBody,
  TextBody,
} from '@relay/protocol';
import { hex, isKnownKind } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { Place } from './reference.ts';

/** A record by its hash and place. */
export type PlacedHash = Place & { hash: string };

/** A message: what a thread shows, and what can be answered. */
export interface Message {
  is: 'message';
  kind: 'text' | 'file' | 'unsupported';
  /** Of a text that is in the record itself; a long one has none. */
  text?: string;
  file?: { name: string; type: string; size: number };
  /** Hash of the record that it answers. */
  reply?: string;
}

/** What a record says. */
export type Meaning =
  | Message
  | { is: 'reaction'; target: string; emoji: string }
  | { is: 'edit'; target: string; text: string }
  | { is: 'delete'; target: PlacedHash }
  | { is: 'hide'; targets: { conversation: string; target: PlacedHash }[] }
  | { is: 'receipt'; read: { conversation: string; hashes: string[] }[] }
  | { is: 'rename'; name: string }
  | { is: 'leave' }
  | { is: 'continue'; group: string }
  | { is: 'call'; secret: Uint8Array; members: string[]; camera: boolean; until: number }
  | { is: 'hangup'; room: string; seconds: number; joined: string[]; declined: string[] };

const READERS: Record<KnownKind, (record: OpenedRecord) => Meaning> = {
  text({ body }) {
    const text = body as TextBody;
    return { is: 'message', kind: 'text', ...('text' in text ? { text: text.text } : {}), ...replyOf(text) };
  },
  file({ body }) {
    const { name, type, file, reply } = body as FileBody;
    return { is: 'message', kind: 'file', file: { name, type, size: file.size }, ...replyOf({ reply }) };
  },
  reaction({ body }) {
    const { target, emoji } = body as ReactionBody;
    return { is: 'reaction', target: hex(target), emoji };
  },
  edit({ body }) {
    const { target, text } = body as EditBody;
    return { is: 'edit', target: hex(target), text };
  },
  delete({ author, body }) {
    const [hash, writer, n] = (body as DeleteBody).target;
    return { is: 'delete', target: { hash: hex(hash), author, writer: hex(writer), n } };
  },
  hide({ body }) {
    const targets = (body as HideBody).targets.map(([conversation, hash, author, writer, n]) => ({
      conversation: hex(conversation),
      target: { hash: hex(hash), author: hex(author), writer: hex(writer), n },
    }));
    return { is: 'hide', targets };
  },
  receipt({ body }) {
    const read = (body as ReceiptBody).read.map(([conversation, hashes]) => ({
      conversation: hex(conversation),
      hashes: hashes.map(hex),
    }));
    return { is: 'receipt', read };
  },
  rename: ({ body }) => ({ is: 'rename', name: (body as RenameBody).name }),
  leave: () => ({ is: 'leave' }),
  continue: ({ body }) => ({ is: 'continue', group: hex((body as ContinueBody).group) }),
  call({ body }) {
    const { secret, members, camera, until } = body as CallBody;
    return { is: 'call', secret, members: members.map(hex), camera, until };
  },
  hangup({ body }) {
    const { room, seconds, joined, declined } = body as HangupBody;
    return { is: 'hangup', room: hex(room), seconds, joined: joined.map(hex), declined: declined.map(hex) };
  },
};

/** Reads the body of a record; a kind that this version does not know is a message that cannot be shown. */
export function meaningOf(record: OpenedRecord): Meaning {
  return isKnownKind(record.kind) ? READERS[record.kind](record) : { is: 'message', kind: 'unsupported' };
}

function replyOf({ reply }: { reply?: Uint8Array | undefined }): { reply?: string } {
  return reply === undefined ? {} : { reply: hex(reply) };
}
