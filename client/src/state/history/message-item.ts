/** Makes the item of a message from its record, what others did to it, and how far it got. */
import type { Delivery, MessageItem, ReactionItem, RecipientDelivery } from '../model.ts';
import { mediaOf } from './media.ts';
import { replyItem } from './reply-item.ts';
import type { Here, Scene } from './scene.ts';
import { loadedTextOf } from './scene.ts';

/** From the least to the most. */
const DELIVERIES: readonly Delivery[] = ['failed', 'waiting', 'expired', 'sent', 'read'];

/** The item of a message. Nothing that it said is in it when its author deleted it. */
export function messageItem(scene: Scene, here: Here, equivocates: boolean): MessageItem {
  const { record, message } = here;
  const { context, projection } = scene;
  const { hash, author, at, kind: kindName } = record;
  const own = author === scene.self;
  const expiresAt = scene.expiryOf(hash);
  const base = {
    type: 'message' as const,
    key: hash,
    author: context.contactOf(author),
    own,
    at,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    kindName,
    equivocates,
  };
  if (projection.isDeleted(record)) {
    const can = { reply: false, react: false, edit: false, deleteForEveryone: false };
    return { ...base, kind: 'deleted', isEdited: false, reactions: [], recipients: [], can };
  }
  const deliveries = own ? context.recipientsOf(record) : [];
  const { canWrite } = context;
  return {
    ...base,
    kind: message.kind,
    ...loadedTextOf(scene, here),
    isEdited: message.kind === 'text' && projection.editOf(record) !== undefined,
    ...filePart(scene, here),
    ...(message.reply === undefined ? {} : { reply: replyItem(scene, message.reply) }),
    reactions: reactionItems(scene, hash),
    ...(own ? leastOf(deliveries) : {}),
    // Notes go to nobody else.
    recipients: deliveries.filter(({ contact }) => contact.id !== scene.self),
    can: {
      reply: canWrite,
      react: canWrite,
      edit: canWrite && own && message.text !== undefined,
      deleteForEveryone: own && message.kind !== 'unsupported' && wasPosted(deliveries),
    },
  };
}

function filePart({ context }: Scene, { record, message }: Here): Pick<MessageItem, 'file'> {
  if (message.file === undefined) return {};
  const { name, type } = message.file;
  const progress = context.fileProgressOf(record.hash);
  return { file: { ...message.file, media: mediaOf(name, type), progress } };
}

/** Each emoji with its members, the one that has stood longest first. */
function reactionItems({ context, projection, self }: Scene, hash: string): ReactionItem[] {
  const reactions = projection.reactionsTo(hash);
  if (reactions.size === 0) return [];
  const members = Map.groupBy(reactions, ([, emoji]) => emoji);
  return [...members].map(([emoji, by]) => ({
    emoji,
    members: by.map(([member]) => context.contactOf(member)),
    own: by.some(([member]) => member === self),
  }));
}

/** The least delivery, with the first fault that it came with. What went to nobody that is known was sent. */
function leastOf(deliveries: readonly RecipientDelivery[]): Pick<MessageItem, 'delivery' | 'deliveryFault'> {
  const delivery = DELIVERIES.find((one) => deliveries.some((recipient) => recipient.delivery === one));
  const least = deliveries.filter((recipient) => recipient.delivery === delivery);
  const fault = least.find((recipient) => recipient.fault !== undefined)?.fault;
  return { delivery: delivery ?? 'sent', ...(fault === undefined ? {} : { deliveryFault: fault }) };
}

/** What failed with everyone never left; it is discarded, not deleted. */
function wasPosted(deliveries: readonly RecipientDelivery[]): boolean {
  return deliveries.length === 0 || deliveries.some(({ delivery }) => delivery !== 'failed');
}
