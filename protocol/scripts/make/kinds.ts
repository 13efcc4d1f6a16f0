/** Vectors of the kinds that say something of other records or of a group (SPEC.md §8, §9). */
import type { CborValue, Record } from '../../src/index.ts';
import { b64, decodeRecord, encodeCbor, encodeRecord, recordHash } from '../../src/index.ts';
import { toJson } from '../../test/vectors/input.ts';
import type { Circles } from './circle.ts';
import { identityOf } from './circle.ts';
import { VectorDraft } from './file.ts';
import { directRecord } from './records.ts';

const AT = 1_800_000_000_000;
const fill = (n: number, value: number) => new Uint8Array(n).fill(value);
const repeated = <T>(n: number, item: T) => Array.from({ length: n }, () => item);

const hash = fill(32, 3);
const short = fill(31, 3);
const place = [hash, fill(8, 2), 5, AT] as const;
const hidden: unknown[] = [fill(32, 6), hash, fill(32, 7), fill(8, 2), 5, AT];
const file = { size: 70_000, hash: fill(32, 4) };
const invitation = {
  secret: fill(32, 9),
  members: [hash, fill(32, 4)],
  camera: false,
  until: AT + 4 * 3_600_000,
};

/** By kind: bodies that it has, and bodies that it does not. */
const BODIES: { [kind: string]: { valid: { [name: string]: object }; wrong: { [name: string]: unknown } } } =
  {
    text: {
      valid: {
        'that answers': { text: 'Yes', reply: hash },
        'that answers at length': { file: { ...file, size: 1_000_000 }, reply: hash },
      },
      wrong: {
        'that answers a short hash': { text: 'Yes', reply: short },
        'that answers nothing': { text: 'Yes', reply: null },
      },
    },
    file: {
      valid: { 'that answers': { file, name: 'a.png', type: 'image/png', reply: hash } },
      wrong: { 'that answers a text': { file, name: 'a.png', type: 'image/png', reply: 'x' } },
    },
    reaction: {
      valid: {
        'of one emoji': { target: hash, emoji: '👍' },
        'of several code points': { target: hash, emoji: '👨‍👩‍👧‍👦' },
        'taken back': { target: hash, emoji: '' },
        'of 64 bytes': { target: hash, emoji: '🦉'.repeat(16) },
      },
      wrong: {
        'of 65 bytes': { target: hash, emoji: `x${'🦉'.repeat(16)}` },
        'to a short hash': { target: short, emoji: '👍' },
        'without an emoji': { target: hash },
        'that turns the line around': { target: hash, emoji: '\u202e' },
        'with a control character': { target: hash, emoji: '\u0007' },
        'with more keys': { target: hash, emoji: '👍', more: 1 },
      },
    },
    edit: {
      valid: { 'of a text': { target: hash, text: 'Hello again' } },
      wrong: {
        'to nothing': { target: hash, text: '' },
        'to more than 54,000 bytes': { target: hash, text: 'é'.repeat(27_001) },
        'of a short hash': { target: short, text: 'x' },
        'to a file': { target: hash, file },
        'without a target': { text: 'x' },
      },
    },
    delete: {
      valid: { 'of a record': { target: place }, 'of a first record': { target: [hash, fill(8, 2), 1, 0] } },
      wrong: {
        'of a hash alone': { target: hash },
        'without a time': { target: place.slice(0, 3) },
        'of two records': { target: [place, place] },
        'of number 0': { target: [hash, fill(8, 2), 0, AT] },
        'with a short writer': { target: [hash, fill(7, 2), 5, AT] },
        'with a short hash': { target: [short, fill(8, 2), 5, AT] },
        'of nothing': {},
      },
    },
    hide: {
      valid: { 'of one record': { targets: [hidden] }, 'of 64 records': { targets: repeated(64, hidden) } },
      wrong: {
        'of no record': { targets: [] },
        'of 65 records': { targets: repeated(65, hidden) },
        'without an author': { targets: [hidden.toSpliced(2, 1)] },
        'in a short conversation': { targets: [hidden.with(0, short)] },
        'of a short hash': { targets: [hidden.with(1, short)] },
        'of number 0': { targets: [hidden.with(4, 0)] },
        'not in a list': { targets: hidden },
      },
    },
    receipt: {
      valid: {
        'for one record': { read: [[fill(32, 6), [hash]]] },
        'for two conversations': {
          read: [
            [fill(32, 6), [hash, fill(32, 5)]],
            [fill(32, 7), [hash]],
          ],
        },
        'for 512 records': { read: [[fill(32, 6), repeated(512, hash)]] },
        'for 64 conversations': { read: repeated(64, [fill(32, 6), [hash]]) },
      },
      wrong: {
        'for nothing': { read: [] },
        'for no record of a conversation': { read: [[fill(32, 6), []]] },
        'for 513 records': { read: [[fill(32, 6), repeated(513, hash)]] },
        'for 65 conversations': { read: repeated(65, [fill(32, 6), [hash]]) },
        'with a short conversation': { read: [[short, [hash]]] },
        'with a short hash': { read: [[fill(32, 6), [short]]] },
        'with times': { read: [[fill(32, 6), [hash], AT]] },
      },
    },
    rename: {
      valid: {
        'to a name': { name: 'Bootshaus 🛶' },
        'to no name': { name: '' },
        'to 100 bytes': { name: 'é'.repeat(50) },
      },
      wrong: {
        'to 101 bytes': { name: `x${'é'.repeat(50)}` },
        'to two lines': { name: 'Boots\nhaus' },
        'to a name that turns the line around': { name: 'Boots\u2066haus' },
        'to a number': { name: 1 },
        'to nothing': {},
      },
    },
    leave: {
      valid: { 'without more': {} },
      wrong: { 'with a reason': { reason: 'x' }, 'without a map': null },
    },
    continue: {
      valid: { 'as a group': { group: fill(32, 8) } },
      wrong: {
        'as a short id': { group: fill(31, 8) },
        'as nothing': {},
        'with a name': { group: fill(32, 8), name: 'x' },
      },
    },
    call: {
      valid: {
        'of two': invitation,
        'with cameras': { ...invitation, camera: true },
        'of 32': { ...invitation, members: repeated(32, hash) },
        'that is over at once': { ...invitation, until: 0 },
        'for 12 hours': { ...invitation, until: AT + 12 * 3_600_000 },
      },
      wrong: {
        'for longer': { ...invitation, until: AT + 12 * 3_600_000 + 1 },
        'with a short secret': { ...invitation, secret: short },
        'of one': { ...invitation, members: [hash] },
        'of 33': { ...invitation, members: repeated(33, hash) },
        'of a short hash': { ...invitation, members: [hash, short] },
        'without a time': { secret: hash, members: [hash, fill(32, 4)], camera: false },
        'with a time before the epoch': { ...invitation, until: -1 },
        'with a camera that is a number': { ...invitation, camera: 1 },
        'with more keys': { ...invitation, more: 1 },
      },
    },
    hangup: {
      valid: {
        'after a minute': { room: hash, seconds: 60, joined: [hash, fill(32, 4)], declined: [] },
        'that one declined': { room: hash, seconds: 0, joined: [hash], declined: [fill(32, 4)] },
        'that nobody took': { room: hash, seconds: 0, joined: [], declined: [] },
        'of 32': { room: hash, seconds: 1, joined: repeated(32, hash), declined: repeated(32, hash) },
      },
      wrong: {
        'of a short room': { room: short, seconds: 0, joined: [], declined: [] },
        'after less than nothing': { room: hash, seconds: -1, joined: [], declined: [] },
        'of 33': { room: hash, seconds: 0, joined: repeated(33, hash), declined: [] },
        'that 33 declined': { room: hash, seconds: 0, joined: [], declined: repeated(33, hash) },
        'of a short hash': { room: hash, seconds: 0, joined: [short], declined: [] },
        'without those who declined': { room: hash, seconds: 0, joined: [] },
        'with the secret': { room: hash, seconds: 0, joined: [], declined: [], secret: hash },
      },
    },
  };

/** Bodies of each kind. */
export async function kindVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §8, §9');
  const [ada, bo] = [await identityOf(circle, 0), await identityOf(circle, 1)];
  const first = await directRecord(ada, bo, 'text', {});
  for (const [kind, { valid, wrong }] of Object.entries(BODIES)) {
    for (const [name, body] of Object.entries(valid)) {
      const content = encodeRecord({ ...first, kind, body } satisfies Record);
      const expected = { record: toJson(decodeRecord(content)), hash: b64(await recordHash(content)) };
      draft.valid(`${kind} ${name}`, 'decodeRecord', { content: b64(content) }, expected);
    }
    for (const [name, body] of Object.entries(wrong)) {
      const content = encodeCbor({ ...first, kind, body } as unknown as CborValue);
      draft.fails(`${kind} ${name}`, 'decodeRecord', { content: b64(content) }, 'record_invalid');
    }
  }
  return draft;
}
