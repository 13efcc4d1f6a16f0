import type { KeyboardEvent, Ref } from 'react';
import { strings } from '../strings.ts';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import './fields.css';

/** What a field to search with needs. */
export interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  ref?: Ref<HTMLInputElement>;
  /** The list below that arrows move in: its id, and that of the marked option. */
  list?: { id: string; active: string } | undefined;
  testId?: string;
}

/** Where one types what to look for. Nothing of it is remembered or completed by the browser. */
export function SearchField(props: SearchFieldProps) {
  const { label, value, onChange, onKeyDown, ref, list, testId } = props;
  return (
    <div className="search-field">
      <Icon name="search" />
      <input
        ref={ref}
        type="search"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        aria-label={label}
        aria-controls={list?.id}
        aria-activedescendant={list?.active}
        placeholder={label}
        value={value}
        data-testid={testId}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={onKeyDown}
      />
      {value !== '' && (
        <IconButton small icon="close" label={strings.kit.clear} onClick={() => onChange('')} />
      )}
    </div>
  );
}
