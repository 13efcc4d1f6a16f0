import { expect, test } from 'vitest';
import { isStreamRecipient, makeStreamKeyPair, openStream, sealStream } from '../src/index.ts';

const streamOf = (bytes: Uint8Array) => new Blob([bytes.slice()]).stream();
const read = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());

const plain = new Uint8Array(200_000).map((_, i) => (i * 31 + (i >> 8)) % 256);

test.each([false, true])(
  'a stream opens with one of its keys, and with no other (hybrid: %s)',
  async (isHybrid) => {
    const [one, two, other] = await Promise.all([1, 2, 3].map(() => makeStreamKeyPair(isHybrid)));
    if (!one || !two || !other) throw new Error('no keys');
    expect([one.recipient, one.identity, 'age1x'].map(isStreamRecipient)).toEqual([true, false, false]);
    const sealed = await read(
      await sealStream(streamOf(plain), { recipients: [one.recipient, two.recipient] }),
    );
    for (const { identity } of [one, two]) {
      expect(await read(await openStream(streamOf(sealed), { identities: [identity] }))).toEqual(plain);
    }
    const wrong = openStream(streamOf(sealed), { identities: [other.identity] });
    await expect(wrong).rejects.toMatchObject({ name: 'StreamKeyError' });
  },
);

test('a passphrase opens it; what was changed or cut off is noticed', { timeout: 120_000 }, async () => {
  const key = { passphrase: 'correct horse battery' };
  const sealed = await read(await sealStream(streamOf(plain), key));
  expect(await read(await openStream(streamOf(sealed), key))).toEqual(plain);
  const wrong = openStream(streamOf(sealed), { passphrase: 'another' });
  await expect(wrong).rejects.toMatchObject({ name: 'StreamKeyError' });
  const changed = sealed.slice();
  changed[150_000] = (changed[150_000] ?? 0) ^ 1;
  // Cut in the midst of a piece, and exactly between two.
  const cut = sealed.length - (plain.length % 65_536) - 16;
  for (const bytes of [changed, sealed.subarray(0, 150_000), sealed.subarray(0, cut)]) {
    await expect(openStream(streamOf(bytes), key).then(read)).rejects.toThrow();
  }
});
