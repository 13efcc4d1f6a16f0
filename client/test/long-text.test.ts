import { BLOB_BYTES, encodeUploadFrame, fromHex, RelayError, utf8 } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import type { OpenedRecord } from '../src/crypto/opened.ts';
import { LongTexts } from '../src/state/sending/long-text.ts';
import { BOB, idOf, SELF } from './support/outbox-edge.ts';
import { NOW } from './support/records.ts';

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

/** A blob that begins with a text, and what it says. */
function blobOf(text: string): Uint8Array {
  const blob = new Uint8Array(BLOB_BYTES);
  blob.set(utf8(text));
  return blob;
}
const textOf = (blob: Uint8Array = new Uint8Array()) => blob.slice(0, Math.max(0, blob.indexOf(0)));
function frameOf(text: string): Uint8Array {
  const hash = new Uint8Array(32);
  return encodeUploadFrame({ id: new Uint8Array(16), readHash: hash, deleteHash: hash, blob: blobOf(text) });
}

/** Texts whose one chunk is named by the file key. */
function setUp() {
  const there = {
    outbox: new Map<string, string>(),
    relay: new Map<string, string>(),
    fault: undefined as RelayError | undefined,
    /** Earlier circle secrets. */
    generations: 0,
  };
  const asked: string[] = [];
  async function* serve(ids: readonly Uint8Array[]) {
    for (const id of ids) {
      const name = Buffer.from(id).toString('hex');
      asked.push(name);
      if (there.fault) throw there.fault;
      const text = there.relay.get(name);
      if (text !== undefined) yield { id, blob: blobOf(text) };
    }
  }
  const texts = new LongTexts({
    vault: {
      fileBlobs: async ({ fileKey, size, generation = 0 }) => {
        if (generation > there.generations) throw new RelayError('recipient_unknown');
        const id = Buffer.from(fileKey.map((byte) => byte + generation)).toString('hex', 0, 16);
        return size === 0 ? [] : [{ id, readSecret: new Uint8Array(32) }];
      },
      joinFile: async (_request, blobs) => textOf(blobs[0]),
    },
    waiting: async (id) => {
      const text = there.outbox.get(id);
      return text === undefined ? undefined : frameOf(text);
    },
    fetch: (ids) => serve(ids),
    read: (capabilities) => serve(capabilities.map(({ id }) => id)),
    changed: () => {},
  });
  const shown = () => texts.loaded(idOf(7, 32));
  return { there, asked, texts, shown };
}

const line = (fileKey: Uint8Array | undefined, blob = 1) => ({ member: BOB, blob: idOf(blob), fileKey });

describe('long texts', () => {
  it('come from the outbox while they wait there, without asking the relay', async () => {
    const { there, asked, texts, shown } = setUp();
    there.outbox.set(idOf(1), 'text');
    await texts.load(longRecord({ sentTo: [line(KEY_A)] }));
    expect([shown(), asked]).toEqual([{ text: 'text' }, []]);
  });

  it('of a message that was sealed twice are found under either key', async () => {
    const { there, texts, shown } = setUp();
    there.relay.set(idOf(2), 'text');
    const record = longRecord({ sentTo: [line(KEY_A, 1)] });
    await texts.load(record);
    expect(shown()).toMatchObject({ fault: { code: 'file_mismatch' } });
    record.sentTo.push(line(KEY_B, 2));
    await texts.load(record);
    expect(shown()).toEqual({ text: 'text' });
  });

  it('come from the outbox before any of it has left', async () => {
    const { there, asked, texts, shown } = setUp();
    there.outbox.set(idOf(1), 'text');
    await texts.load(longRecord({ waitingFor: [{ member: BOB, fileKey: KEY_A }] }));
    expect([shown(), asked]).toEqual([{ text: 'text' }, []]);
  });

  it('are found under the circle secret before the last one too', async () => {
    const { there, texts, shown } = setUp();
    there.relay.set(idOf(2), 'text');
    await texts.load(longRecord({ author: BOB, fileKey: KEY_A }));
    expect(shown()).toMatchObject({ fault: { code: 'file_mismatch' } });
    there.generations = 1;
    await texts.load(longRecord({ author: BOB, fileKey: KEY_A }));
    expect(shown()).toEqual({ text: 'text' });
  });

  it('are loaded again when the relay is back, after a fault that passes', async () => {
    const { there, asked, texts, shown } = setUp();
    there.fault = new RelayError('relay_unreachable');
    there.relay.set(idOf(1), 'text');
    await texts.load(longRecord({ author: BOB, fileKey: KEY_A }));
    expect(shown()).toMatchObject({ fault: { code: 'relay_unreachable' } });
    there.fault = undefined;
    texts.again();
    await new Promise((resolve) => setTimeout(resolve));
    expect(shown()).toEqual({ text: 'text' });
    texts.again();
    await texts.load(longRecord({ author: BOB, fileKey: KEY_A }));
    expect(asked).toHaveLength(2);
  });

  it('are not asked for again and again when a part is gone', async () => {
    const { asked, texts } = setUp();
    await texts.load(longRecord({ author: BOB, fileKey: KEY_A }));
    texts.again();
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toHaveLength(1);
  });

  it('without a key are invalid, those that are empty need nothing, short ones are left alone', async () => {
    const { asked, texts, shown } = setUp();
    await texts.load(longRecord({ body: { text: 'short' } }));
    expect(shown()).toBeUndefined();
    await texts.load(longRecord({ author: BOB }));
    expect(shown()).toMatchObject({ fault: { code: 'record_invalid' } });
    const body = { file: { size: 0, hash: new Uint8Array(32) } };
    await texts.load(longRecord({ author: BOB, fileKey: KEY_A, body }));
    expect([shown(), asked]).toEqual([{ text: '' }, []]);
  });
});
