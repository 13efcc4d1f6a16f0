import {
  capabilitiesOf,
  directConversationId,
  encodeRecord,
  randomBytes,
  recordHash,
  sealMessage,
} from '@relay/protocol';
import type { Pool } from 'pg';
import type { BenchCircle } from '../system/circle.ts';

/** How long what is stored is to live, in hours: nothing of it may end while it is measured. */
const LIFE_HOURS = 80;

const INSERT = `INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body) VALUES ($1, $2, $3, $4, $5, $6)`;

/** Fills the recipient's mailbox with texts of the sender, each in a blob of its own and naming the one before; the last one says `text <count>`. */
export async function fillConversation(pool: Pool, circle: BenchCircle, count: number): Promise<void> {
  const { sender, recipient, toRecipient } = circle;
  const { circleId, serial, hash } = sender.roster;
  const [from, to] = [sender.keys.keyHash, recipient.keys.keyHash];
  const conversation = await directConversationId(circleId, from, to);
  const writer = randomBytes(8);
  const expiryHour = Math.floor(Date.now() / 3_600_000) + LIFE_HOURS;
  const began = Date.now() - count * 1_000;
  let prev: [] | [Uint8Array<ArrayBuffer>, number] = [];
  for (let n = 1; n <= count; n++) {
    const at = began + n * 1_000;
    const about = { id: randomBytes(16), at, conversation, writer, n, prev, heads: [] };
    const content = encodeRecord({ ...about, kind: 'text', body: { text: `text ${n}` } });
    prev = [await recordHash(content), at];
    const body = { roster: { serial, hash }, records: [{ content, private: {} }] };
    const { id, blob } = await sealMessage(toRecipient, 1, body);
    const { readHash, deleteHash } = await capabilitiesOf(toRecipient, id);
    await pool.query(INSERT, [id, to, expiryHour, readHash, deleteHash, blob]);
  }
  await pool.query('VACUUM ANALYZE blob');
}
