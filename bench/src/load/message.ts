import type { Identity, MessageBody } from '@relay/protocol';
import { encodeRecord, randomBytes } from '@relay/protocol';

/** The body of a message blob that holds one short text. */
export function textBody({ roster }: Identity, text: string): MessageBody {
  const content = encodeRecord({
    id: randomBytes(16),
    at: Date.now(),
    conversation: randomBytes(32),
    writer: randomBytes(8),
    n: 1,
    prev: [],
    heads: [],
    kind: 'text',
    body: { text },
  });
  return { roster: { serial: roster.serial, hash: roster.hash }, records: [{ content, private: {} }] };
}
