/** To whoever holds stored blobs, all of them are random bytes: neither length nor kind shows (SPEC.md §5, §6, §7). */
import { beforeAll, describe, expect, test } from 'vitest';
import type { BlobKind, MessageBody, Pair } from '../src/index.ts';
import {
  BLOB_BYTES,
  BLOB_KIND,
  CHUNK_BYTES,
  hex,
  makeBlobId,
  openMessage,
  randomBytes,
  sealChunk,
  sealMessage,
} from '../src/index.ts';
import { featuresOf, tellApart } from './support/classifier.ts';
import type { Members } from './support/members.ts';
import { bodyOf, makeMembers, pairOf } from './support/members.ts';
import { sealShaped } from './support/shaped.ts';
import {
  bitCounts,
  byteFrequency,
  chiSquareTail,
  FALSE_ALARM,
  positionFindings,
  serialFindings,
} from './support/statistics.ts';

const EACH = 200;
const LAGS = [1, 16, 1_120];

let members: Members;
let sending: Pair;
let own: Pair;

async function make(n: number, one: (i: number) => Promise<Uint8Array>): Promise<Uint8Array[]> {
  const list: Uint8Array[] = [];
  for (let i = 0; i < n; i++) list.push(await one(i));
  return list;
}

const message = async (pair: Pair, kind: 1 | 3, body: MessageBody) =>
  (await sealMessage(pair, kind, body)).blob;
const zeros = (n: number) => bodyOf(members.ada, new Uint8Array(n));

const MAKERS: { [kind: string]: (i: number) => Promise<Uint8Array> } = {
  'message of one byte': () => message(sending, BLOB_KIND.message, zeros(1)),
  'message nearly full': (i) => message(sending, BLOB_KIND.message, zeros(64_000 + i)),
  'sent log': (i) => message(own, BLOB_KIND.sentLog, zeros(10 * i)),
  'chunk of zeros': async () => {
    const transfer = {
      pair: sending,
      direction: sending.outgoing,
      fileKey: randomBytes(32),
      size: CHUNK_BYTES,
    };
    return (await sealChunk(transfer, 0, new Uint8Array(CHUNK_BYTES))).blob;
  },
  decoy: async () => randomBytes(BLOB_BYTES),
};

const blobs: { [kind: string]: Uint8Array[] } = {};
const all = () => Object.values(blobs).flat();

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  own = await pairOf(members.ada, members.ada);
  for (const [kind, one] of Object.entries(MAKERS)) blobs[kind] = await make(EACH, one);
}, 60_000);

describe('a thousand blobs of mixed kinds', () => {
  test('are 65,536 bytes each and all different', () => {
    expect(all().length).toBe(1_000);
    expect(all().every((blob) => blob.length === BLOB_BYTES)).toBe(true);
    for (const part of [0, 1_120, BLOB_BYTES - 16])
      expect(new Set(all().map((blob) => hex(blob.subarray(part, part + 16)))).size).toBe(1_000);
  });

  test('have every byte value as often as every other, taken together and by kind', () => {
    expect(byteFrequency(all())).toBeGreaterThan(FALSE_ALARM);
    for (const list of Object.values(blobs)) expect(byteFrequency(list)).toBeGreaterThan(FALSE_ALARM);
  });

  test('have every bit of the encapsulated key as often as every other', () => {
    for (const kind of ['message of one byte', 'message nearly full', 'sent log'])
      expect(byteFrequency((blobs[kind] ?? []).map((blob) => blob.subarray(0, 1_120)))).toBeGreaterThan(
        FALSE_ALARM,
      );
  });

  test('have no bit at any position that is set more often than not, or less', () => {
    const total = new Uint32Array(8 * BLOB_BYTES);
    for (const list of Object.values(blobs)) {
      const counts = bitCounts(list);
      expect(positionFindings(counts, EACH)).toEqual([]);
      counts.forEach((count, i) => {
        total[i] = (total[i] as number) + count;
      });
    }
    expect(positionFindings(total, 1_000)).toEqual([]);
  });

  test('have no byte that tells of another one near it', () => {
    expect(serialFindings(all(), LAGS)).toEqual([]);
  });

  test('have no kind that a simple classifier tells from another', () => {
    const features = Object.entries(blobs).map(
      ([kind, list]) => [kind, list.map((blob) => featuresOf(blob))] as const,
    );
    for (const [i, [kind, zero]] of features.entries()) {
      for (const [other, one] of features.slice(i + 1)) {
        const { accuracy, bound } = tellApart(zero, one);
        expect(accuracy, `${kind} and ${other}`).toBeLessThan(bound);
      }
    }
  }, 60_000);
});

const findingsOf = (list: readonly Uint8Array[]) => positionFindings(bitCounts(list), list.length);

describe('the same tests find', () => {
  const few = () =>
    all()
      .slice(0, 200)
      .map((blob) => blob.slice());

  test('a message without its mask', async () => {
    const body = bodyOf(members.ada, new Uint8Array(1));
    const bare = await make(2 * EACH, async () => (await sealShaped(sending, { unmasked: true })).blob);
    const first = bare[0] as Uint8Array;
    await expect(openMessage(sending, randomBytes(16), first)).rejects.toThrow();
    // X25519 leaves the top bit of its last byte clear; ML-KEM's compressed coefficients are not uniform either.
    expect(findingsOf(bare)).toContain(`bit 7 of byte 1119: 0 of ${2 * EACH}`);
    const masked = await make(2 * EACH, () => message(sending, BLOB_KIND.message, body));
    expect(findingsOf(masked)).toEqual([]);
    // Where that bit is: among all bytes, those that differ by chance often hide it at this count of blobs.
    const end = (blob: Uint8Array) => featuresOf(blob.subarray(1_119, 1_120), 1, 0);
    const { accuracy, bound } = tellApart(bare.map(end), masked.map(end));
    expect(accuracy).toBeGreaterThan(bound);
  }, 60_000);

  test('one bit that is always the same', () => {
    const list = few();
    for (const blob of list) blob[40_000] = (blob[40_000] as number) | 4;
    expect(findingsOf(list)).toEqual(['bit 2 of byte 40000: 200 of 200']);
  });

  test('a constant byte, by position and by classifier', () => {
    const list = few();
    for (const blob of list) blob[7] = 0x5a;
    expect(findingsOf(list).length).toBe(8);
    const { accuracy, bound } = tellApart(
      list.map((blob) => featuresOf(blob)),
      (blobs.decoy ?? []).map((blob) => featuresOf(blob)),
    );
    expect(accuracy).toBeGreaterThan(bound);
  }, 60_000);

  test('a byte value that is a little too frequent', () => {
    const list = few();
    for (const blob of list) for (let i = 0; i < BLOB_BYTES; i += 500) blob[i] = 0;
    expect(byteFrequency(list)).toBeLessThan(FALSE_ALARM);
  });

  test('bytes that repeat the one before, now and then', () => {
    const list = few();
    for (const blob of list) for (let i = 50; i < BLOB_BYTES; i += 50) blob[i] = blob[i - 1] as number;
    const findings = serialFindings(list, [1]);
    expect(findings.some((finding) => finding.includes('differ'))).toBe(true);
    expect(findings.some((finding) => finding.includes('correlation'))).toBe(true);
  });

  test('padding that shows: a chunk left as it was', () => {
    const list = few();
    for (const blob of list) blob.fill(0, 60_000);
    expect(byteFrequency(list)).toBeLessThan(FALSE_ALARM);
    expect(findingsOf(list).length).toBeGreaterThan(1_000);
  });
});

describe('two thousand blob ids of mixed kinds', () => {
  const ids: { [kind: string]: Uint8Array[] } = {};

  beforeAll(async () => {
    for (const [name, kind] of Object.entries(BLOB_KIND))
      ids[name] = await make(500, () => makeBlobId(sending.outgoing, kind as BlobKind));
  });

  test('are uniform, and all different', () => {
    const list = Object.values(ids).flat();
    expect(list.length).toBe(2_000);
    expect(new Set(list.map(hex)).size).toBe(2_000);
    expect(byteFrequency(list)).toBeGreaterThan(FALSE_ALARM);
    expect(findingsOf(list)).toEqual([]);
    expect(serialFindings(list, [1, 8])).toEqual([]);
  });

  test('do not show their kind', () => {
    const kinds = Object.entries(ids).map(
      ([kind, list]) => [kind, list.map((id) => featuresOf(id, 16, 0))] as const,
    );
    for (const [i, [kind, zero]] of kinds.entries()) {
      for (const [other, one] of kinds.slice(i + 1)) {
        const { accuracy, bound } = tellApart(zero, one);
        expect(accuracy, `${kind} and ${other}`).toBeLessThan(bound);
      }
    }
  }, 60_000);

  test('would show it, were it not hidden in the tag', () => {
    const [zero, one] = [1, 2].map((kind) =>
      (ids.message ?? []).map((id) => featuresOf(Uint8Array.of(...id.subarray(0, 15), kind), 16, 0)),
    ) as [Float32Array[], Float32Array[]];
    const { accuracy, bound } = tellApart(zero, one);
    expect(accuracy).toBeGreaterThan(bound);
  });
});

test('the tail of chi-square is the one of published tables', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, §1.3.6.7.4: upper critical values.
  for (const [x, df, tail] of [
    [3.841, 1, 0.05],
    [18.307, 10, 0.05],
    [29.588, 10, 0.001],
    [124.342, 100, 0.05],
    [149.449, 100, 0.001],
  ])
    expect(chiSquareTail(x as number, df as number)).toBeCloseTo(tail as number, 4);
});
