import type { Contact } from '../../state/model.ts';
import { initials } from '../format.ts';
import { Icon } from './icon.tsx';
import './parts.css';

/** What a picture of a member needs. */
export interface AvatarProps {
  contact: Contact;
  large?: boolean;
  notes?: boolean;
}

/** A member's initials in a circle; a pen where it stands for the own notes. */
export function Avatar({ contact, large = false, notes = false }: AvatarProps) {
  return (
    <span className={large ? 'avatar avatar-large' : 'avatar'} aria-hidden="true">
      {notes ? <Icon name="note" /> : initials(contact.label)}
    </span>
  );
}
