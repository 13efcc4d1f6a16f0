import { useState } from 'react';
import { SearchField } from '../kit/search-field.tsx';
import { strings } from '../strings.ts';

/** What the search needs. */
export interface SearchPanelProps {
  onJump: (conversationId: string, key: string) => void;
  onClose: () => void;
}

/** Searches what is here. */
export function SearchPanel({ onClose }: SearchPanelProps) {
  const [value, setValue] = useState('');
  const keyDown = ({ key }: { key: string }) => key === 'Escape' && onClose();
  return (
    <SearchField label={strings.conversations.search} value={value} onChange={setValue} onKeyDown={keyDown} />
  );
}
