import { Checkbox } from '@base-ui/react/checkbox';
import type { Contact } from '../../state/model.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import './controls.css';

/** What a list of members to choose from needs. */
export interface MemberPickerProps {
  /** Says what is chosen. */
  label: string;
  members: readonly Contact[];
  /** Ids of the chosen ones. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Ids of those that cannot be changed. */
  fixed?: readonly string[];
  /** A word or two about a member, below its name. */
  hint?: (member: Contact) => string | undefined;
  /** Begins the id of each row for tests, before its number. */
  testId?: string;
}

/** Members to tick. */
export function MemberPicker(props: MemberPickerProps) {
  const { label, members, chosen, onChange, fixed = [], hint, testId = 'pick' } = props;
  const set = (id: string, on: boolean) =>
    onChange(on ? [...chosen, id] : chosen.filter((other) => other !== id));
  return (
    <fieldset className="picker" aria-label={label}>
      {members.map((member) => {
        const disabled = fixed.includes(member.id);
        const words = hint?.(member);
        return (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is one.
          <label key={member.id} className="picker-row" data-disabled={disabled}>
            <Avatar contact={member} size="s" />
            <span className="picker-name">
              {member.name}
              {words && <span className="picker-hint">{words}</span>}
            </span>
            <Checkbox.Root
              className="checkbox"
              checked={chosen.includes(member.id)}
              disabled={disabled}
              onCheckedChange={(on) => set(member.id, on)}
              data-testid={`${testId}-${member.number}`}
            >
              <Checkbox.Indicator>
                <Icon name="check" />
              </Checkbox.Indicator>
            </Checkbox.Root>
          </label>
        );
      })}
    </fieldset>
  );
}
