import type { KeyboardEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { IconButton } from '../kit/icon-button.tsx';
import { SearchField } from '../kit/search-field.tsx';
import { EmptyState } from '../kit/state.tsx';
import { strings } from '../strings.ts';
import { SearchHits } from './search-hits.tsx';
import { useSearch } from './use-search.ts';
import './search.css';

const text = strings.search;

/** What the search needs. */
export interface SearchPanelProps {
  /** To a message that was found; the search stays. */
  onJump: (conversationId: string, key: string) => void;
  onClose: () => void;
}

/** Where an arrow leads from one of so many hits; none is -1. */
export function nextActive(key: string, active: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(active + 1, count - 1);
    case 'ArrowUp':
      return Math.max(active - 1, Math.min(0, count - 1));
    default:
      return undefined;
  }
}

/** Searches what is on this page. Arrows choose, Enter goes there, Escape ends it. */
export function SearchPanel({ onJump, onClose }: SearchPanelProps) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const { query, hits } = useSearch(typed);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  useEffect(() => field.current?.focus(), []);
  const at = Math.min(active, hits.length - 1);

  const keyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const next = nextActive(event.key, at, hits.length);
    const hit = hits[at];
    if (next !== undefined) setActive(next);
    else if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && hit !== undefined) onJump(hit.conversationId, hit.key);
    else return;
    event.preventDefault();
  };
  return (
    <search className="search" data-testid="search">
      <div className="search-head">
        <SearchField
          ref={field}
          label={text.label}
          value={typed}
          onChange={(value) => {
            setTyped(value);
            setActive(0);
          }}
          onKeyDown={keyDown}
          list={hits.length > 0 ? { id: list, active: `${list}-${at}` } : undefined}
          testId="search-field"
        />
        <IconButton icon="close" label={text.close} data-testid="search-close" onClick={onClose} />
      </div>
      <p className="search-count" role="status">
        {hits.length > 0 && text.count(hits.length)}
      </p>
      {hits.length > 0 && <SearchHits id={list} hits={hits} active={at} onJump={onJump} />}
      {hits.length === 0 && query === '' && <p className="search-scope">{text.scope}</p>}
      {hits.length === 0 && query !== '' && (
        <EmptyState icon="search" title={text.none(query)}>
          <p>{text.noneLead}</p>
        </EmptyState>
      )}
    </search>
  );
}
