import type { ClipboardEvent, FormEvent, KeyboardEvent } from 'react';
import { useEffect, useId, useRef } from 'react';
import type { Conversation } from '../../state/model.ts';
import { titleOf } from '../conversations/names.ts';
import { FileInput } from '../files/file-input.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { Spinner } from '../kit/spinner.tsx';
import { strings } from '../strings.ts';
import type { ChangeDraft, Draft } from '../use-drafts.ts';
import { useInitialFocus } from '../use-initial-focus.ts';
import { ComposerBanner } from './composer-banner.tsx';
import { Tray } from './tray.tsx';
import { useAutosize } from './use-autosize.ts';
import { useSending } from './use-sending.ts';
import './composer.css';

const text = strings.composer;

/** What the composer needs. */
export interface ComposerProps {
  conversation: Conversation;
  draft: Draft;
  onDraft: ChangeDraft;
  onFiles: (files: readonly File[]) => void;
}

function placeholderOf(conversation: Conversation, draft: Draft): string {
  if (draft.files.length > 0) return text.placeholderFiles;
  return conversation.kind === 'notes' ? text.placeholderNotes : text.placeholder;
}

/** Where a message is written, answered and changed. What is not taken stays, with the reason above it. */
export function Composer({ conversation, draft, onDraft, onFiles }: ComposerProps) {
  const { send, fault, busy } = useSending(conversation.id, draft, onDraft);
  const area = useRef<HTMLTextAreaElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  const { edit, reply, files } = draft;
  const value = edit?.text ?? draft.text;
  const blank = value.trim() === '' && (edit !== undefined || files.length === 0);
  useAutosize(area, value);
  useInitialFocus(area, 'fine');
  const aim = edit?.key ?? reply;
  useEffect(() => {
    if (aim !== undefined) area.current?.focus();
  }, [aim]);

  const write = (words: string) =>
    onDraft((now) => (now.edit ? { ...now, edit: { ...now.edit, text: words } } : { ...now, text: words }));
  const cancel = () => onDraft((now) => ({ ...now, edit: undefined, reply: undefined }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    area.current?.focus();
    if (!blank) await send();
  };
  const keyDown = async (event: KeyboardEvent) => {
    if (event.key === 'Escape' && aim !== undefined) {
      event.preventDefault();
      cancel();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!blank) await send();
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    onFiles(pasted);
  };

  return (
    <form className="composer" onSubmit={submit}>
      {fault && <FaultNote fault={fault} />}
      <ComposerBanner conversation={conversation} draft={draft} onCancel={cancel} />
      <Tray
        files={files}
        onRemove={(key) =>
          onDraft((now) => ({ ...now, files: now.files.filter((chosen) => chosen.key !== key) }))
        }
      />
      <div className="composer-row">
        <IconButton
          icon="attach"
          label={text.attach}
          data-testid="attach"
          disabled={edit !== undefined}
          onClick={() => input.current?.click()}
        />
        <FileInput input={input} multiple testId="file-input" onFiles={onFiles} />
        <textarea
          ref={area}
          rows={1}
          value={value}
          placeholder={placeholderOf(conversation, draft)}
          aria-label={conversation.kind === 'notes' ? text.labelNotes : text.label(titleOf(conversation))}
          aria-describedby={hint}
          data-testid="composer"
          onChange={({ target }) => write(target.value)}
          onKeyDown={keyDown}
          onPaste={paste}
        />
        <button
          type="submit"
          className="send"
          aria-label={edit ? text.change : text.send}
          title={edit ? text.change : text.send}
          data-testid="send"
          disabled={blank || busy}
        >
          {busy ? <Spinner /> : <Icon name={edit ? 'check' : 'send'} />}
        </button>
      </div>
      <p className="composer-hint" id={hint}>
        {text.hint}
      </p>
    </form>
  );
}
