import { Field } from '@base-ui/react/field';
import type { ComponentProps } from 'react';
import './fields.css';

/** What a field for a line of text needs beyond what an `input` takes. */
export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'className' | 'onChange' | 'value'> {
  label: string;
  hint?: string;
  /** Why what is in it cannot be taken. */
  error?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  testId?: string;
}

/** One line of text, with its label above it. */
export function TextField({ label, hint, error, value, onChange, testId, ...rest }: TextFieldProps) {
  const { defaultValue: _, ...input } = rest;
  return (
    <Field.Root className="field" invalid={error !== undefined}>
      <Field.Label className="field-label">{label}</Field.Label>
      <Field.Control
        autoComplete="off"
        {...input}
        className="text-field"
        value={value}
        onValueChange={onChange}
        data-testid={testId}
      />
      {error !== undefined && (
        <Field.Error className="field-error" match role="alert">
          {error}
        </Field.Error>
      )}
      {hint && <Field.Description className="field-hint">{hint}</Field.Description>}
    </Field.Root>
  );
}
