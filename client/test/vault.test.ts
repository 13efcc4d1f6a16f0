import {
  BLOB_KIND,
  derivePair,
  directConversationId,
  encodeRecord,
  fromHex,
  generateCircle,
  hex,
  loadIdentity,
  makeBlobId,
  randomBytes,
  sealMessage,
  writeIdentityFile,
} from '@relay/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { Vault } from '../src/crypto/vault.ts';
import { NOW } from './support/records.ts';

const blobOf = ({ frame }: { frame: Uint8Array }) => frame.subarray(-65_536);

/** How far the bytes of a part of all frames are from having one distribution in both samples. */
function chiSquared(
  a: readonly { frame: Uint8Array }[],
  b: readonly { frame: Uint8Array }[],
  part: (frame: Uint8Array) => Uint8Array,
): number {
  const [inA, inB] = [a, b].map((parcels) => {
    const counts = new Array<number>(256).fill(0);
    for (const { frame } of parcels) for (const byte of part(frame)) counts[byte] = (counts[byte] ?? 0) + 1;
    return counts;
  }) as [number[], number[]];
  return inA.reduce((sum, count, i) => {
    const other = inB[i] ?? 0;
    return count + other === 0 ? sum : sum + (count - other) ** 2 / (count + other);
  }, 0);
}

describe('the vault', () => {
  let files: Uint8Array[];
  beforeAll(async () => {
    const { identities } = await generateCircle(['Alice', 'Bob', 'Carol']);
    files = await Promise.all(identities.map((identity) => writeIdentityFile(identity)));
  });

  async function open(index: number) {
    const vault = new Vault();
    return { vault, view: await vault.open((files[index] as Uint8Array).slice()) };
  }

  async function content(circleId: Uint8Array, a: string, b: string) {
    return encodeRecord({
      id: randomBytes(16),
      at: NOW,
      conversation: await directConversationId(circleId, fromHex(a), fromHex(b)),
      writer: randomBytes(8),
      n: 1,
      prev: [],
      heads: [],
      kind: 'text',
      body: { text: 'hello' },
    });
  }

  it('makes decoys that only their recipient can tell from messages', async () => {
    const [alice, bob, carol] = await Promise.all([open(0), open(1), open(2)]);
    const to = bob.view.self;
    const record = await content(alice.view.circleId, alice.view.self, to);
    const many = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, make));
    const decoys = await many(() => alice.vault.sealDecoy(to));
    const messages = await many(() => alice.vault.seal(to, 'message', [{ content: record, private: {} }]));
    expect(decoys.every(({ recipient, frame }) => recipient === to && frame.length === 65_616)).toBe(true);
    const ids = [...decoys, ...messages].map(({ id }) => id);
    const kinds = (await bob.vault.recognise(ids)).map(({ kind }) => kind);
    expect(kinds).toEqual([...decoys.map(() => BLOB_KIND.decoy), ...messages.map(() => BLOB_KIND.message)]);
    expect(await carol.vault.recognise(ids)).toEqual([]);
    // Everything that is uploaded, byte by byte: chi-squared of two samples, 255 degrees of freedom; 420 is passed once in 10^10 runs.
    expect(chiSquared(decoys, messages, (frame) => frame)).toBeLessThan(420);
    expect(chiSquared(decoys, messages, (frame) => frame.subarray(0, 80))).toBeLessThan(420);
    expect(chiSquared(decoys, messages, (frame) => frame.subarray(80, 1_200))).toBeLessThan(420);
    // That finds what has another distribution: here, no byte with its top bit.
    const low = messages.map(({ frame }) => ({ frame: frame.map((byte) => byte & 0x7f) }));
    expect(chiSquared(decoys, low, (frame) => frame.subarray(0, 80))).toBeGreaterThan(420);
    // The encapsulated key ends with one of X25519, whose last bit is 0 unless the mask is over it: all of 50 are once in 10^15 runs.
    for (const parcels of [decoys, messages])
      expect(parcels.filter(({ frame }) => (frame[1_199] as number) >= 0x80)).not.toEqual([]);
  });

  it('seals what the recipient alone opens, with the sender named', async () => {
    const [alice, bob, carol] = await Promise.all([open(0), open(1), open(2)]);
    const record = await content(alice.view.circleId, alice.view.self, bob.view.self);
    const parcel = await alice.vault.seal(bob.view.self, 'message', [{ content: record, private: {} }]);
    const recognised = [{ id: parcel.id, sender: alice.view.self, kind: BLOB_KIND.message }];
    expect(await bob.vault.recognise([parcel.id, hex(randomBytes(16))])).toEqual(recognised);
    const opened = await bob.vault.openMessage(parcel.id, blobOf(parcel));
    expect(opened).toMatchObject({ sender: alice.view.self, refused: [] });
    expect(opened.records[0]).toMatchObject({ author: alice.view.self, body: { text: 'hello' }, n: 1 });
    await expect(carol.vault.openMessage(parcel.id, blobOf(parcel))).rejects.toMatchObject({
      code: 'blob_unrecognised',
    });
  });

  it('refuses one record and keeps the others of its blob', async () => {
    const [alice, bob, carol] = await Promise.all([open(0), open(1), open(2)]);
    const { circleId, self } = alice.view;
    const contents = [
      await content(circleId, self, bob.view.self),
      await content(circleId, self, carol.view.self),
      Uint8Array.of(0xff),
    ];
    const parcel = await alice.vault.seal(
      bob.view.self,
      'message',
      contents.map((one) => ({ content: one, private: {} })),
    );
    const opened = await bob.vault.openMessage(parcel.id, blobOf(parcel));
    expect(opened.records).toHaveLength(1);
    expect(opened.refused).toEqual(['record_invalid', 'record_invalid']);
  });

  it('reads nobody’s sent log but its own: it would pass as this member’s own words', async () => {
    const [alice, bob, carol] = await Promise.all([open(0), open(1), open(2)]);
    const mallory = await loadIdentity((files[1] as Uint8Array).slice());
    const peer = mallory.roster.members.find(({ keyHash }) => hex(keyHash) === alice.view.self);
    const [secret] = mallory.secrets;
    if (peer === undefined || secret === undefined) throw new Error('no such member');
    const pair = await derivePair(mallory, peer, secret);
    const record = await content(alice.view.circleId, alice.view.self, carol.view.self);
    const to = [{ member: fromHex(carol.view.self), blob: randomBytes(16) }];
    const body = {
      roster: { serial: 1, hash: randomBytes(32) },
      records: [{ content: record, private: { to } }],
    };
    const forged = await sealMessage(pair, BLOB_KIND.sentLog, body);
    const opening = alice.vault.openMessage(hex(forged.id), forged.blob);
    await expect(opening).rejects.toMatchObject({ code: 'blob_unrecognised' });

    const own = await alice.vault.seal(alice.view.self, 'sentLog', body.records);
    const opened = await alice.vault.openMessage(own.id, blobOf(own));
    expect(opened.records[0]).toMatchObject({
      author: alice.view.self,
      sentTo: [{ member: carol.view.self }],
    });
    expect(bob.view.self).toBe(hex(mallory.keys.keyHash));
  });

  it('opens no other kind of blob', async () => {
    const [alice, bob] = await Promise.all([open(0), open(1)]);
    const sender = await loadIdentity((files[0] as Uint8Array).slice());
    const peer = sender.roster.members.find(({ keyHash }) => hex(keyHash) === bob.view.self);
    const [secret] = sender.secrets;
    if (peer === undefined || secret === undefined) throw new Error('no such member');
    const pair = await derivePair(sender, peer, secret);
    for (const kind of [BLOB_KIND.chunk, BLOB_KIND.decoy, 0x10 as 4]) {
      const id = hex(await makeBlobId(pair.outgoing, kind));
      const opening = bob.vault.openMessage(id, randomBytes(65_536));
      await expect(opening).rejects.toMatchObject({ code: 'blob_unrecognised' });
    }
    expect(await alice.vault.recognise([])).toEqual([]);
  });

  it.each([0, 1, 65_519, 65_520, 65_521, 200_000])('cuts and joins a file of %i bytes', async (size) => {
    const [alice, bob] = await Promise.all([open(0), open(1)]);
    const data = new Uint8Array(size).map((_, i) => i % 251);
    const { fileKey, hash, parcels } = await alice.vault.sealFile(bob.view.self, data);
    const blobs = parcels.map(blobOf);
    for (const [vault, peer, sent] of [
      [alice.vault, bob.view.self, true],
      [bob.vault, alice.view.self, false],
    ] as const) {
      const request = { peer, sent, fileKey, size, hash };
      expect((await vault.fileBlobs(request)).map(({ id }) => id)).toEqual(parcels.map(({ id }) => id));
      expect(await vault.joinFile(request, blobs)).toEqual(data);
      const wrong = vault.joinFile({ ...request, hash: randomBytes(32) }, blobs);
      await expect(wrong).rejects.toMatchObject({ code: 'file_mismatch' });
    }
    if (blobs.length > 1) {
      const request = { peer: alice.view.self, sent: false, fileKey, size, hash };
      const swapped = bob.vault.joinFile(request, blobs.toReversed());
      await expect(swapped).rejects.toMatchObject({ code: 'chunk_forged' });
      const short = bob.vault.joinFile(request, blobs.slice(1));
      await expect(short).rejects.toThrow();
    }
  });

  it('knows nothing once it is closed, and does not open behind a lock', async () => {
    const { vault, view } = await open(0);
    vault.close();
    await expect(vault.seal(view.self, 'message', [])).rejects.toMatchObject({ code: 'identity_locked' });
    await expect(vault.sealLocal(Uint8Array.of(1))).rejects.toMatchObject({ code: 'identity_locked' });
    expect(await vault.recognise([hex(randomBytes(16))])).toEqual([]);

    const opening = vault.open((files[1] as Uint8Array).slice());
    vault.close();
    await expect(opening).rejects.toMatchObject({ code: 'identity_locked' });
    await expect(vault.prove('https://relay.example', randomBytes(32))).rejects.toMatchObject({
      code: 'identity_locked',
    });
  });

  it('opens the last of two files that are opened at once, and mixes nothing', async () => {
    const vault = new Vault();
    const first = vault.open((files[0] as Uint8Array).slice());
    const second = vault.open((files[1] as Uint8Array).slice());
    await expect(first).rejects.toMatchObject({ code: 'identity_locked' });
    const { self } = await second;
    const { view } = await open(1);
    expect(self).toBe(view.self);
  });
});
