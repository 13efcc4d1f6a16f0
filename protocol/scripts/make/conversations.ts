/** Vectors of conversations (SPEC.md §9). */
import type { GroupDescriptor } from '../../src/index.ts';
import {
  b64,
  compareBytes,
  directConversationId,
  fromB64,
  groupConversationId,
  leaveSuccessor,
} from '../../src/index.ts';
import type { Circles } from './circle.ts';
import { VectorDraft } from './file.ts';

const fill = (n: number, value: number) => new Uint8Array(n).fill(value);

/** Conversation ids, what may stand where, and what becomes of a group that a member leaves. */
export async function conversationVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §9');
  const { circleId, keyHashes } = circle.allowlist;
  const sorted = keyHashes.toSorted(compareBytes) as [Uint8Array, Uint8Array, Uint8Array];
  const [a, b, c] = sorted.map(b64) as [string, string, string];
  const base = { circleId: b64(circleId) };
  const direct = b64(await directConversationId(circleId, sorted[0], sorted[1]));
  const notes = b64(await directConversationId(circleId, sorted[0], sorted[0]));
  draft.valid('direct', 'directConversationId', { ...base, a, b }, direct);
  draft.valid('direct, seen from the other side', 'directConversationId', { ...base, a: b, b: a }, direct);
  draft.valid('notes', 'directConversationId', { ...base, a, b: a }, notes);

  const of = async (members: Uint8Array[], parent: Uint8Array) => {
    const group = { nonce: fill(16, 4), members, parent } as GroupDescriptor;
    const input = { ...base, nonce: b64(group.nonce), members: members.map(b64), parent: b64(parent) };
    return { input, id: await groupConversationId(circleId, group) };
  };
  const three = await of(sorted, new Uint8Array());
  const two = await of(sorted.slice(0, 2), three.id);
  draft.valid('group of three', 'groupConversationId', three.input, b64(three.id));
  draft.valid('its successor of two', 'groupConversationId', two.input, b64(two.id));

  const valid = (name: string, input: object, members: string[]) =>
    draft.valid(name, 'checkConversation', { ...base, ...input } as typeof base, members);
  const fails = (name: string, input: object) =>
    draft.fails(name, 'checkConversation', { ...base, ...input } as typeof base, 'record_invalid');
  valid('direct record', { conversation: direct, author: b, recipients: [a] }, [a, b]);
  valid('note', { conversation: notes, author: a, recipients: [a] }, [a]);
  fails('direct record for a third', { conversation: direct, author: a, recipients: [c] });
  fails('direct record by a third', { conversation: direct, author: c, recipients: [a] });
  fails('direct record for two', { conversation: direct, author: a, recipients: [b, c] });
  const group = { ...three.input, conversation: b64(three.id), author: a };
  valid('group record', { ...group, recipients: [b, c] }, [a, b, c]);
  fails('group record under a direct id', { ...group, conversation: direct, recipients: [b] });
  const smaller = { ...two.input, conversation: b64(two.id) };
  fails('group record for one who is not in it', { ...smaller, author: a, recipients: [c] });
  fails('group record by one who is not in it', { ...smaller, author: c, recipients: [a] });
  const inGroup = { ...group, recipients: [b] };
  const inDirect = { conversation: direct, author: a, recipients: [b] };
  const inNotes = { conversation: notes, author: a, recipients: [a] };
  for (const [kind, places] of Object.entries(PLACES))
    for (const [place, input, members] of [
      ['a group', inGroup, [a, b, c]],
      ['a direct conversation', inDirect, [a, b]],
      ['notes', inNotes, [a]],
    ] as const)
      if (places.includes(place)) valid(`${kind} in ${place}`, { ...input, kind }, [...members]);
      else fails(`${kind} in ${place}`, { ...input, kind });
  valid('title in a group', { ...inGroup, title: 'Bootshaus' }, [a, b, c]);
  fails('title in a direct conversation', { ...inDirect, title: 'Bootshaus' });
  fails('title in notes', { ...inNotes, title: '' });

  const leave = async (name: string, { input }: { input: typeof three.input }, leaver: string) =>
    draft.valid(name, 'leaveSuccessor', { ...input, leaver }, await successorJson(circleId, input, leaver));
  for (const [i, leaver] of [a, b, c].entries()) await leave(`member ${i + 1} leaves three`, three, leaver);
  await leave('a member leaves two', two, a);
  return draft;
}

const ANYWHERE = ['a group', 'a direct conversation', 'notes'];
const PLACES: { [kind: string]: string[] } = {
  text: ANYWHERE,
  reaction: ANYWHERE,
  edit: ANYWHERE,
  delete: ANYWHERE,
  'x.poll': ANYWHERE,
  hide: ['notes'],
  receipt: ['a direct conversation'],
  rename: ['a group'],
  leave: ['a group'],
  continue: ['a group'],
};

async function successorJson(
  circleId: Uint8Array,
  { nonce, members, parent }: { nonce: string; members: string[]; parent: string },
  leaver: string,
) {
  const group = { nonce: fromB64(nonce), members: members.map(fromB64), parent: fromB64(parent) };
  const next = await leaveSuccessor(group, await groupConversationId(circleId, group), fromB64(leaver));
  if (next === undefined) return null;
  const shown = { nonce: b64(next.nonce), members: next.members.map(b64), parent: b64(next.parent) };
  return { ...shown, id: b64(await groupConversationId(circleId, next)) };
}
