/** What a member is told of roster updates that it has not acknowledged. */
import { rosterDiff } from '../../crypto/roster-diff.ts';
import type { CircleView } from '../../crypto/vault.ts';
import type { Contact, RosterNews } from '../model.ts';
import type { KeptNews, NamedMember } from '../settings/setting-document.ts';

/** The members of the roster in use. */
export function membersInUse({ members }: CircleView): NamedMember[] {
  return members.filter(({ isFormer }) => !isFormer).map(({ id, number, label }) => ({ id, number, label }));
}

/**
 * Everything that changed since the news began, over several updates if need be.
 * @returns undefined when there are none
 */
export function newsOf(
  kept: KeptNews | undefined,
  view: CircleView,
  contactOf: (member: NamedMember) => Contact,
): RosterNews | undefined {
  // An older identity file may have been opened since, without the update.
  if (kept === undefined || kept.serial > view.rosterSerial) return undefined;
  const current = membersInUse(view);
  const contacts = new Map(
    [...kept.before, ...current].map((member) => [member.id, contactOf(member)] as const),
  );
  const named = (id: string) => contacts.get(id) as Contact;
  const { added, removed, replaced } = rosterDiff(kept.before, current);
  return {
    serial: view.rosterSerial,
    added: added.map(named),
    removed: removed.map(named),
    replaced: replaced.map(([before, after]) => ({ before: named(before), after: named(after) })),
  };
}
