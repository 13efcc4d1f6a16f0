import type { FormEvent, KeyboardEvent } from 'react';
import { useId, useRef, useState } from 'react';
import type { Conversation, Fault } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { useInitialFocus } from '../use-initial-focus.ts';
import { useAutosize } from './use-autosize.ts';

const text = strings.composer;

/** What the composer needs. */
export interface ComposerProps {
  conversation: Conversation;
  draft: string;
  onDraft: (change: (draft: string) => string) => void;
}

/** Where a message is written. A text that is not taken stays, with the reason above it. */
export function Composer({ conversation: { id, peer }, draft, onDraft }: ComposerProps) {
  const { sendText } = useActions();
  const [fault, setFault] = useState<Fault>();
  const area = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  useAutosize(area, draft);
  useInitialFocus(area, 'fine');
  const blank = draft.trim() === '';

  const send = async () => {
    if (blank) return;
    // The room is free for the next message at once; one that is not taken comes back, before what was written since.
    onDraft((current) => (current.startsWith(draft) ? current.slice(draft.length) : current));
    const refused = await sendText(id, draft);
    setFault(refused);
    if (refused !== undefined) onDraft((since) => (since === '' ? draft : `${draft}\n${since}`));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await send();
    area.current?.focus();
  };
  const keyDown = async (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    await send();
  };

  return (
    <form className="composer" onSubmit={submit}>
      {fault && <FaultNote fault={fault} />}
      <div className="composer-row">
        <textarea
          ref={area}
          rows={1}
          value={draft}
          placeholder={peer.isSelf ? text.placeholderNotes : text.placeholder}
          aria-label={peer.isSelf ? text.labelNotes : text.label(peer.label)}
          aria-describedby={hint}
          data-testid="composer"
          onChange={({ target }) => onDraft(() => target.value)}
          onKeyDown={keyDown}
        />
        <button
          type="submit"
          className="send"
          aria-label={text.send}
          title={text.send}
          data-testid="send"
          disabled={blank}
        >
          <Icon name="send" />
        </button>
      </div>
      <p className="composer-hint" id={hint}>
        {text.hint}
      </p>
    </form>
  );
}
