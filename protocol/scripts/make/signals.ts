/** Vectors of signals (SPEC.md §21.2). */
import type { CborValue, Identity, Pair, Signal, SignalRoute } from '../../src/index.ts';
import { b64, deriveRoom, encodeCbor, makeSeat, PAGE_ID_BYTES, sealSignal } from '../../src/index.ts';
import type { SignalShaping } from '../../test/support/shaped-signal.ts';
import { sealShapedSignal } from '../../test/support/shaped-signal.ts';
import { toJson } from '../../test/vectors/input.ts';
import type { Circles } from './circle.ts';
import { identityOf, longerForm, pairOf } from './circle.ts';
import { VectorDraft } from './file.ts';

const SELF = { $: 'identity 1' };
const PEER = { $: 'identity 2' };
const THIRD = { $: 'identity 3' };
const FORGED = 'signal_forged';
const MALFORMED = 'signal_malformed';

const fill = (n: number, value: number) => new Uint8Array(n).fill(value);
const repeated = <T>(n: number, item: T) => Array.from({ length: n }, () => item);

const page = fill(PAGE_ID_BYTES, 5);
const hash = fill(32, 4);
const media = { muted: false, deafened: false, camera: true };
const state = {
  page,
  at: 'in' as const,
  ...media,
  screen: false,
  members: [hash, fill(32, 6)],
  age: 12_000,
  rings: true,
  takes: [],
};
const was = { page: fill(PAGE_ID_BYTES, 7), ago: 900, ...media };
const candidate = {
  candidate: 'candidate:1 1 udp 41885439 203.0.113.5 49170 typ relay raddr 0.0.0.0 rport 0',
  mid: '0',
  ufrag: 'EsAw',
};
const offer = (bytes: number) => ({ type: 'offer' as const, sdp: 'v=0\r\n'.padEnd(bytes, 'a') });

const VALID: { [name: string]: Signal } = {
  'a first state': { n: 1, ack: 0, kind: 'state', body: state },
  'a state that watches': { n: 2, ack: 9, kind: 'state', body: { ...state, at: 'watching', age: 0 } },
  'a state with all there can be': {
    n: Number.MAX_SAFE_INTEGER,
    ack: Number.MAX_SAFE_INTEGER,
    kind: 'state',
    body: {
      ...state,
      at: 'declined',
      members: repeated(32, hash),
      age: Number.MAX_SAFE_INTEGER,
      takes: repeated(8, page),
      was,
    },
  },
  'a candidate': { n: 3, ack: 4, kind: 'candidate', body: candidate },
  'the end of a generation': { n: 4, ack: 4, kind: 'candidate', body: { ...candidate, candidate: '' } },
  'a candidate with all there can be': {
    n: 5,
    ack: 4,
    kind: 'candidate',
    body: { candidate: 'c'.repeat(1_024), mid: 'm'.repeat(64), ufrag: 'u'.repeat(256) },
  },
  'an offer': { n: 6, ack: 5, kind: 'description', body: offer(9_000) },
  'an answer in the smallest box': {
    n: 7,
    ack: 6,
    kind: 'description',
    body: { type: 'answer', sdp: 'v=0\r\n' },
  },
  'the longest offer': { n: 8, ack: 6, kind: 'description', body: offer(40_000) },
  'an acknowledgement before any signal': { n: 0, ack: 1, kind: 'ack', body: {} },
  'a bye': { n: 9, ack: 7, kind: 'bye', body: {} },
};

const first = { n: 1, ack: 0, kind: 'state', body: state };
const stateWith = (changes: object) => ({ ...first, body: { ...state, ...changes } });
const of = (kind: string, body: unknown) => ({ n: 1, ack: 0, kind, body });
const { page: _, ...withoutPage } = state;

/** Contents that are authentic and refused. */
const WRONG: { [name: string]: unknown } = {
  'an unknown kind': of('hello', {}),
  'a kind that JavaScript knows': of('constructor', {}),
  'a kind that every object has': of('__proto__', {}),
  'no body': { n: 1, ack: 0, kind: 'bye' },
  'no kind': { n: 1, ack: 0, body: {} },
  'one key more': { ...first, more: 1 },
  'number 0': { ...first, n: 0 },
  'a negative number': { ...first, n: -1 },
  'a negative acknowledgement': { ...first, ack: -1 },
  'a number that is text': { ...first, n: '1' },
  'a list': [1, 0, 'state', state],
  nothing: null,
  'a state without a page': of('state', withoutPage),
  'a short page': stateWith({ page: fill(15, 5) }),
  'a state of another kind': stateWith({ at: 'dreaming' }),
  'a state that is muted by a number': stateWith({ muted: 1 }),
  'one member': stateWith({ members: [hash] }),
  '33 members': stateWith({ members: repeated(33, hash) }),
  'a member of 31 bytes': stateWith({ members: [hash, fill(31, 6)] }),
  'a negative age': stateWith({ age: -1 }),
  '9 pages taken': stateWith({ takes: repeated(9, page) }),
  'a page taken that is short': stateWith({ takes: [fill(15, 5)] }),
  'an earlier page that is none': stateWith({ was: null }),
  'an earlier page with a screen': stateWith({ was: { ...was, screen: true } }),
  'a state with a name': stateWith({ name: 'Ada' }),
  'an empty description': of('description', { type: 'offer', sdp: '' }),
  'a rollback': of('description', { type: 'rollback', sdp: 'v=0\r\n' }),
  'a description that is bytes': of('description', { type: 'offer', sdp: fill(9, 65) }),
  'a candidate of 1,025 bytes': of('candidate', { ...candidate, candidate: 'c'.repeat(1_025) }),
  'a line of 65 bytes': of('candidate', { ...candidate, mid: 'm'.repeat(65) }),
  'a generation of 257 bytes': of('candidate', { ...candidate, ufrag: `u${'é'.repeat(128)}` }),
  'a candidate without a generation': of('candidate', { candidate: '', mid: '0' }),
  'a bye with a reason': of('bye', { reason: 'x' }),
  'an acknowledgement that says more': of('ack', { n: 1 }),
};

/** Signals. */
export async function signalVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §21.2');
  const [ada, bo, third] = [
    await identityOf(circle, 0),
    await identityOf(circle, 1),
    await identityOf(circle, 2),
  ];
  const room = await deriveRoom(fill(32, 9));
  const seatOf = ({ keys }: Identity, salt: number) => makeSeat(room, keys.keyHash, fill(16, salt));
  const route = { room: room.id, from: await seatOf(ada, 1), to: await seatOf(bo, 2) };
  const pair = await pairOf(ada, 2);
  for (const [name, signal] of Object.entries(VALID)) {
    const box = draft.name(name, await sealSignal(pair, route, signal));
    draft.valid(name, 'openSignal', inputOf(route, { box }), toJson(signal));
  }
  const elsewhere = { ...route, to: await seatOf(ada, 3) };
  const own = draft.name(
    'a bye to another window',
    await sealSignal(await pairOf(ada, 1), elsewhere, VALID['a bye'] as Signal),
  );
  const toOwn = inputOf(elsewhere, { self: SELF, box: own });
  draft.valid('to another window', 'openSignal', toOwn, toJson(VALID['a bye']));
  const reflected = { ...toOwn, from: b64(elsewhere.to), to: b64(elsewhere.from) };
  draft.fails('a window’s own signal, back', 'openSignal', reflected, FORGED);
  forgeries(draft, route, {
    seat: b64(await seatOf(ada, 4)),
    room: b64((await deriveRoom(fill(32, 10))).id),
  });
  await malformed(draft, pair, route, third);
  return draft;
}

function inputOf(route: SignalRoute, more: object) {
  const { room, from, to } = route;
  return { self: PEER, peer: 1, room: b64(room), from: b64(from), to: b64(to), box: '', ...more };
}

function forgeries(draft: VectorDraft, route: SignalRoute, other: { seat: string; room: string }) {
  const box = { $: 'a first state' };
  const input = inputOf(route, { box });
  const forged = (name: string, changes: object) =>
    draft.fails(name, 'openSignal', { ...input, ...changes }, FORGED);
  for (const offset of [0, 1_087, 1_119, 1_120, 2_000, 4_079, 4_095])
    forged(`bit flipped at ${offset}`, { box: { ...box, xor: [[offset, 1]] } });
  forged('one byte less', { box: { ...box, cut: 4_095 } });
  forged('one byte more', { box: { ...box, add: 'AA' } });
  forged('an encapsulated key alone', { box: { ...box, cut: 1_120 } });
  forged('cut within the encapsulated key', { box: { ...box, cut: 100 } });
  forged('empty', { box: { ...box, cut: 0 } });
  forged('stretched to the next size', { box: { ...box, add: b64(fill(12_288, 0)) } });
  forged('cut to a smaller size', { box: { $: 'an offer', cut: 4_096 } });
  forged('from another seat of the same member', { from: other.seat });
  forged('to another seat', { to: other.seat });
  forged('between the same seats the other way', { from: input.to, to: input.from });
  forged('in another room', { room: other.room });
  forged('taken for a third one’s', { peer: 3 });
  forged('opened by a third', { self: THIRD });
  forged('back at its sender', { self: SELF, peer: 2 });
  forged('with a seat cut short', { from: b64(route.from.subarray(1)) });
}

async function malformed(draft: VectorDraft, pair: Pair, route: SignalRoute, third: Identity) {
  const good = encodeCbor(first as unknown as CborValue);
  const other = { from: fill(32, 8) };
  const shapes: [string, SignalShaping, string][] = [
    ['signed by a third', { content: good, signer: third }, FORGED],
    ['signed for another seat', { content: good, signed: other }, FORGED],
    ['signed for another room', { content: good, signed: { room: fill(32, 8) } }, FORGED],
    ['signed as a message', { content: good, label: 'relay/1 body' }, FORGED],
    ['padding that is not zero', { content: good, padding: 1 }, MALFORMED],
    ['length past the end', { content: good, contentLength: 2_893 }, MALFORMED],
    ['the largest length', { content: good, contentLength: 2 ** 32 - 1 }, MALFORMED],
    ['in a larger box than it needs', { content: good, size: 16_384 }, MALFORMED],
    ['no content', { content: new Uint8Array() }, MALFORMED],
    ['cut content', { content: good.slice(0, -1) }, MALFORMED],
    ['not in deterministic CBOR', { content: longerForm(good) }, MALFORMED],
    ['lists within lists', { content: fill(2_892, 0x81) }, MALFORMED],
    ['a list longer than memory', { content: Uint8Array.of(0x9b, 0, 1, 0, 0, 0, 0, 0, 0) }, MALFORMED],
    ['40,001 bytes of description', { content: encodeTooLong(), size: 49_152 }, MALFORMED],
  ];
  for (const [name, value] of Object.entries(WRONG))
    shapes.push([name, { content: encodeCbor(value as CborValue) }, MALFORMED]);
  for (const [name, shape, code] of shapes) {
    const box = b64(await sealShapedSignal(pair, route, shape));
    draft.fails(name, 'openSignal', inputOf(route, { box }), code);
  }
}

const encodeTooLong = () => encodeCbor(of('description', offer(40_001)) as unknown as CborValue);
