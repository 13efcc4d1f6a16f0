import { Switch as Base } from '@base-ui/react/switch';
import { useId } from 'react';
import './controls.css';

/** What a switch needs. */
export interface SwitchProps {
  label: string;
  /** What it means, in a sentence or two. */
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  testId?: string;
}

/** Something that is on or off at once, with its words beside it. */
export function Switch({ label, hint, checked, onChange, disabled = false, testId }: SwitchProps) {
  const id = useId();
  const hintId = useId();
  return (
    <div className="switch-row">
      <span className="switch-words">
        <strong id={id}>{label}</strong>
        {hint && (
          <span className="switch-hint" id={hintId}>
            {hint}
          </span>
        )}
      </span>
      <Base.Root
        className="switch"
        aria-labelledby={id}
        aria-describedby={hint ? hintId : undefined}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        data-testid={testId}
      >
        <Base.Thumb className="switch-thumb" />
      </Base.Root>
    </div>
  );
}
