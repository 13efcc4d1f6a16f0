import { fromHex, RelayError, utf8 } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import type { OpenedRecord } from '../src/crypto/opened.ts';
import { DirectConversation } from '../src/state/conversation.ts';
import { LongTexts } from '../src/state/long-text.ts';
import { BOB, idOf, SELF } from './support/outbox-edge.ts';
import { NOW } from './support/records.ts';

const contact = (id: string) => ({ id, number: 1, label: 'x', fingerprint: '', isSelf: id === SELF });
const [KEY_A, KEY_B] = [idOf(1, 32), idOf(2, 32)].map(fromHex) as [Uint8Array, Uint8Array];

function longRecord(change: Partial<OpenedRecord> = {}): OpenedRecord {
  const base = {
    hash: idOf(7, 32),
    id: idOf(7),
    author: SELF,
    at: NOW,
    conversation: idOf(9, 32),
    members: [],
    group: undefined,
  };
  const rest = {
    writer: idOf(3, 8),
    n: 1,
    references: [],
    kind: 'text',
    content: new Uint8Array(),
    fileKey: undefined,
  };
  const body = { file: { size: 4, hash: new Uint8Array(32) } };
  return { ...base, ...rest, body, sentTo: [], ...change };
}

/** Texts whose one chunk is named by the file key. */
function setUp() {
  const conversation = new DirectConversation(idOf(9, 32), contact(SELF), contact(BOB), [BOB, SELF]);
  const there = {
    outbox: new Map<string, string>(),
    relay: new Map<string, string>(),
    fault: undefined as RelayError | undefined,
  };
  const asked: string[] = [];
  async function* serve(ids: readonly Uint8Array[]) {
    for (const id of ids) {
      const name = Buffer.from(id).toString('hex');
      asked.push(name);
      if (there.fault) throw there.fault;
      const text = there.relay.get(name);
      if (text !== undefined) yield { id, blob: utf8(text) };
    }
  }
  const texts = new LongTexts({
    vault: {
      fileBlobs: async ({ fileKey, size }) =>
        size === 0
          ? []
          : [{ id: Buffer.from(fileKey).toString('hex', 0, 16), readSecret: new Uint8Array(32) }],
      joinFile: async (_request, blobs) => blobs[0]?.slice() ?? new Uint8Array(),
    },
    waiting: (id) => {
      const text = there.outbox.get(id);
      return text === undefined ? undefined : utf8(text);
    },
    fetch: (ids) => serve(ids),
    read: (capabilities) => serve(capabilities.map(({ id }) => id)),
    changed: () => {},
  });
  const shown = () => conversation.texts.get(idOf(7, 32));
  return { conversation, there, asked, texts, shown };
}

const line = (fileKey: Uint8Array | undefined, blob = 1) => ({ member: BOB, blob: idOf(blob), fileKey });

describe('long texts', () => {
  it('come from the outbox while they wait there, without asking the relay', async () => {
    const { conversation, there, asked, texts, shown } = setUp();
    there.outbox.set(idOf(1), 'text');
    await texts.load(conversation, longRecord({ sentTo: [line(KEY_A)] }));
    expect([shown(), asked]).toEqual([{ text: 'text' }, []]);
  });

  it('of a message that was sealed twice are found under either key', async () => {
    const { conversation, there, texts, shown } = setUp();
    there.relay.set(idOf(2), 'text');
    const record = conversation.add(longRecord({ sentTo: [line(KEY_A, 1)] }), false);
    await texts.load(conversation, record);
    expect(shown()).toMatchObject({ fault: { code: 'file_mismatch' } });
    const again = conversation.add(longRecord({ sentTo: [line(KEY_B, 2)] }), false);
    expect(again).toBe(record);
    await texts.load(conversation, again);
    expect(shown()).toEqual({ text: 'text' });
  });

  it('are loaded again when the relay is back, after a fault that passes', async () => {
    const { conversation, there, asked, texts, shown } = setUp();
    there.fault = new RelayError('relay_unreachable');
    there.relay.set(idOf(1), 'text');
    await texts.load(conversation, longRecord({ author: BOB, fileKey: KEY_A }));
    expect(shown()).toMatchObject({ fault: { code: 'relay_unreachable' } });
    there.fault = undefined;
    texts.again();
    await new Promise((resolve) => setTimeout(resolve));
    expect(shown()).toEqual({ text: 'text' });
    texts.again();
    await texts.load(conversation, longRecord({ author: BOB, fileKey: KEY_A }));
    expect(asked).toHaveLength(2);
  });

  it('are not asked for again and again when a part is gone', async () => {
    const { conversation, asked, texts } = setUp();
    await texts.load(conversation, longRecord({ author: BOB, fileKey: KEY_A }));
    texts.again();
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toHaveLength(1);
  });

  it('without a key are invalid, those that are empty need nothing, short ones are left alone', async () => {
    const { conversation, asked, texts, shown } = setUp();
    await texts.load(conversation, longRecord({ body: { text: 'short' } }));
    expect(shown()).toBeUndefined();
    await texts.load(conversation, longRecord({ author: BOB }));
    expect(shown()).toMatchObject({ fault: { code: 'record_invalid' } });
    const body = { file: { size: 0, hash: new Uint8Array(32) } };
    await texts.load(conversation, longRecord({ author: BOB, fileKey: KEY_A, body }));
    expect([shown(), asked]).toEqual([{ text: '' }, []]);
  });
});
