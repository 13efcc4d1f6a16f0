/** The members of the circle as the UI names them. */
import { fingerprintOf, fromHex } from '@relay/protocol';
import type { CircleView } from '../crypto/vault.ts';
import type { Book } from './book.ts';
import type { Contact } from './model.ts';
import type { NamedMember } from './settings/setting-document.ts';
import type { SettingsKeeper } from './settings/settings-keeper.ts';

/** Everyone a client knows, by number, with what this member says of them; former members last. */
export function contactsOf(
  view: CircleView,
  settings: Pick<SettingsKeeper, 'nickname' | 'isVerified'>,
): Contact[] {
  const contacts = view.members.map((member): Contact => {
    const { id, number, label, isFormer, safetyNumber, safetyCode } = member;
    const nickname = settings.nickname(id);
    const isSelf = id === view.self;
    return {
      id,
      number,
      label,
      ...(nickname === undefined ? {} : { nickname }),
      name: nickname ?? label,
      fingerprint: fingerprintOf(fromHex(id)),
      ...(safetyNumber === undefined ? {} : { safetyNumber }),
      ...(safetyCode === undefined ? {} : { safetyCode }),
      isVerified: settings.isVerified(id),
      isSelf,
      isFormer,
    };
  });
  return contacts.sort((a, b) => Number(a.isFormer) - Number(b.isFormer) || a.number - b.number);
}

/** A member as news of the roster name it, also one that no roster lists any more. */
export function namedContact(book: Pick<Book, 'contactOf'>, { id, number, label }: NamedMember): Contact {
  const known = book.contactOf(id);
  return known.number > 0 ? known : { ...known, number, label, name: label };
}
