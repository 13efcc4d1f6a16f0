import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import './fields.css';

/** One of a few. */
export interface SegmentedOption<T extends string> {
  value: T;
  label: string;
  testId?: string;
}

/** Chooses one of a few things that fit on one line. Arrow keys move between them. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly SegmentedOption<T>[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <RadioGroup
      className="segmented"
      aria-label={label}
      value={value}
      onValueChange={(chosen) => onChange(chosen as T)}
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          nativeButton
          render={<button type="button" data-testid={option.testId} />}
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
