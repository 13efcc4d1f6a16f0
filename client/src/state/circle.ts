/** The members of the circle as the UI names them, and the direct conversations between them. */
import { directConversationId, fingerprintOf, fromHex, hex } from '@relay/protocol';
import type { CircleView } from '../crypto/vault.ts';
import { DirectConversation } from './conversation.ts';
import type { Contact } from './model.ts';

/** This member, the others, and a conversation with each of them. */
export interface Circle {
  self: Contact;
  /** Every member but this one, by number. */
  contacts: Contact[];
  /** By conversation id: one with every contact, and one for notes to oneself. */
  conversations: Map<string, DirectConversation>;
}

/** Builds the circle of an open identity. */
export async function circleOf(view: CircleView): Promise<Circle> {
  const all = view.members.map((member) => ({
    ...member,
    fingerprint: fingerprintOf(fromHex(member.id)),
    isSelf: member.id === view.self,
  }));
  const self = all.find(({ isSelf }) => isSelf) as Contact;
  const conversations = new Map<string, DirectConversation>();
  for (const peer of all) {
    const id = hex(await directConversationId(view.circleId, fromHex(self.id), fromHex(peer.id)));
    const members = peer.isSelf ? [self.id] : [self.id, peer.id].toSorted();
    conversations.set(id, new DirectConversation(id, self, peer, members));
  }
  return { self, contacts: all.filter(({ isSelf }) => !isSelf), conversations };
}
