import { Select } from '@base-ui/react/select';
import { useId } from 'react';
import { Icon } from './icon.tsx';
import './fields.css';
import './overlays.css';

/** One of several. */
export interface SelectOption {
  value: string;
  label: string;
}

/** What a list to choose one from needs. */
export interface SelectFieldProps {
  label: string;
  options: readonly SelectOption[];
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
  testId?: string;
}

/** Chooses one of several things whose names may be long, with its label above it. */
export function SelectField({ label, options, value, onChange, disabled = false, testId }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <span className="field-label" id={id}>
        {label}
      </span>
      <Select.Root
        items={options}
        value={value}
        onValueChange={(chosen) => chosen !== null && onChange(chosen)}
        disabled={disabled}
      >
        <Select.Trigger className="select" aria-labelledby={id} data-testid={testId}>
          <Select.Value className="select-value" />
          <Select.Icon className="select-icon">
            <Icon name="chevron" />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner
            className="positioner"
            sideOffset={4}
            collisionPadding={8}
            alignItemWithTrigger={false}
          >
            <Select.Popup className="popup menu select-list">
              {options.map((option) => (
                <Select.Item key={option.value} value={option.value} className="menu-item">
                  <Select.ItemText className="select-value">{option.label}</Select.ItemText>
                  <Select.ItemIndicator className="select-mark">
                    <Icon name="check" />
                  </Select.ItemIndicator>
                </Select.Item>
              ))}
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </div>
  );
}
