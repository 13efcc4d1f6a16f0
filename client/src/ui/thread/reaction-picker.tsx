import type { FormEvent } from 'react';
import { useState } from 'react';
import type { Fault } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { OpenPopover } from '../kit/popover.tsx';
import { TextField } from '../kit/text-field.tsx';
import { strings } from '../strings.ts';
import { isOneEmoji } from './emoji.ts';
import type { MessagePopupProps } from './thread-context.tsx';

const text = strings.reactions;

/** Six emoji to choose from, and a field for any other. */
export function ReactionPicker({ message, anchor, onClose, returnTo }: MessagePopupProps) {
  const { react } = useActions();
  const [other, setOther] = useState('');
  const [fault, setFault] = useState<Fault>();
  const mine = message.reactions.find(({ own }) => own)?.emoji;
  const choose = async (emoji: string | undefined) => {
    const refused = await react(message.key, emoji);
    setFault(refused);
    if (refused === undefined) onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isOneEmoji(other.trim())) await choose(other.trim());
  };
  const wrong = other.trim() !== '' && !isOneEmoji(other.trim());
  return (
    <OpenPopover anchor={anchor} onClose={onClose} returnTo={returnTo} testId="reaction-picker">
      <form className="picker-form" onSubmit={submit}>
        <div className="quick-emoji">
          {text.quick.map((emoji) => (
            <button
              key={emoji}
              type="button"
              className="quick-emoji-button"
              aria-label={emoji}
              aria-pressed={emoji === mine}
              onClick={() => choose(emoji === mine ? undefined : emoji)}
            >
              {emoji}
            </button>
          ))}
        </div>
        <TextField
          label={text.other}
          hint={text.otherHint}
          error={wrong ? text.notOne : undefined}
          value={other}
          onChange={setOther}
          testId="emoji"
        />
        {fault && <FaultNote fault={fault} />}
        <div className="picker-buttons">
          {mine !== undefined && (
            <Button small onClick={() => choose(undefined)}>
              {text.take}
            </Button>
          )}
          <Button small type="submit" disabled={!isOneEmoji(other.trim())}>
            {text.set}
          </Button>
        </div>
      </form>
    </OpenPopover>
  );
}
