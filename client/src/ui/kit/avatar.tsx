import type { Contact } from '../../state/model.ts';
import { initials } from '../format.ts';
import { Icon } from './icon.tsx';
import './avatar.css';

/** `s` 28, `m` 40, `l` 56, `xl` 96 pixels. */
export type AvatarSize = 's' | 'm' | 'l' | 'xl';

/** Members get one of so many tints, by number. */
const TINTS = 6;

/** The tint of a member, as `data-tint` names it. */
export function tintOf({ number, isFormer }: Contact): number | 'none' {
  return isFormer ? 'none' : number % TINTS;
}

/** A member's initials in a circle of its tint; a pen where it stands for the own notes. */
export function Avatar({
  contact,
  size = 'm',
  notes = false,
}: {
  contact: Contact;
  size?: AvatarSize;
  notes?: boolean;
}) {
  const tint = notes ? 'none' : tintOf(contact);
  return (
    <span className="avatar" data-size={size} data-tint={tint} aria-hidden="true">
      {notes ? <Icon name="note" /> : initials(contact.name)}
    </span>
  );
}

/** Two members of a group, one before the other; the picture of a group where it has fewer others. */
export function GroupAvatar({
  members,
  size = 'm',
}: {
  /** Of the group; this member itself is left out. */
  members: readonly Contact[];
  size?: AvatarSize;
}) {
  const [first, second] = members.filter(({ isSelf }) => !isSelf);
  if (first === undefined || second === undefined)
    return (
      <span className="avatar" data-size={size} data-tint="none" aria-hidden="true">
        <Icon name="group" />
      </span>
    );
  return (
    <span className="avatar avatar-pair" data-size={size} aria-hidden="true">
      <Avatar contact={second} />
      <Avatar contact={first} />
    </span>
  );
}
