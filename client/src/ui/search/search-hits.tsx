import { useEffect, useRef } from 'react';
import type { Conversation } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { ConversationAvatar } from '../conversations/conversation-avatar.tsx';
import { titleOf } from '../conversations/names.ts';
import { fullTime, shortWhen } from '../format.ts';
import { strings } from '../strings.ts';
import { useNow } from '../use-now.ts';
import type { SearchHit } from './use-search.ts';

const text = strings.search;

/** What a list of hits needs. */
export interface SearchHitsProps {
  /** Id of the list; each hit has it with its place, as `id-0`. */
  id: string;
  hits: readonly SearchHit[];
  /** Place of the one that Enter goes to. */
  active: number;
  onJump: (conversationId: string, key: string) => void;
}

/** Who said it, where there is a choice. */
function speaker(hit: SearchHit, conversation: Conversation): string {
  if (conversation.kind === 'notes') return '';
  if (hit.author.isSelf) return `${strings.conversations.you}: `;
  return conversation.kind === 'group' ? `${hit.author.name}: ` : '';
}

function Hit({ hit, conversation, now }: { hit: SearchHit; conversation: Conversation; now: number }) {
  return (
    <>
      <ConversationAvatar conversation={conversation} />
      <span className="search-hit-name">{titleOf(conversation)}</span>
      <time dateTime={new Date(hit.at).toISOString()} title={fullTime(hit.at)}>
        {shortWhen(hit.at, now)}
      </time>
      <span className="search-hit-text">
        {speaker(hit, conversation)}
        {hit.before}
        <mark>{hit.match}</mark>
        {hit.after}
      </span>
    </>
  );
}

/** Messages that were found, the newest first. The focus stays in the field: arrows move the mark, and it stays in sight. */
export function SearchHits({ id, hits, active, onJump }: SearchHitsProps) {
  const conversations = useApp((state) => state.conversations);
  const now = useNow(30_000);
  const list = useRef<HTMLDivElement>(null);
  const places = new Map(conversations.map((conversation) => [conversation.id, conversation]));
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that another one is marked.
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div ref={list} id={id} className="search-hits" role="listbox" aria-label={text.results} tabIndex={-1}>
      {hits.map((hit, place) => {
        const conversation = places.get(hit.conversationId);
        return (
          conversation && (
            // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field has the focus and its keys.
            <div
              key={`${hit.conversationId} ${hit.key}`}
              id={`${id}-${place}`}
              className="search-hit"
              role="option"
              aria-selected={place === active}
              data-testid="search-hit"
              onClick={() => onJump(hit.conversationId, hit.key)}
            >
              <Hit hit={hit} conversation={conversation} now={now} />
            </div>
          )
        );
      })}
    </div>
  );
}
