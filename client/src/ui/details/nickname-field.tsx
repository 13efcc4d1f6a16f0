import { useState } from 'react';
import type { Contact } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { TextField } from '../kit/text-field.tsx';
import { strings } from '../strings.ts';

const text = strings.nickname;

/** As many bytes are kept of a nickname; no label is longer (SPEC.md §3). */
const LENGTH = 64;

/** What one calls a member oneself. Taken when one leaves the field, or with Enter; Escape brings the last one back. */
export function NicknameField({ contact: { id, nickname = '', label } }: { contact: Contact }) {
  const { setNickname } = useActions();
  const [value, setValue] = useState(nickname);
  // The state may keep less of a nickname than was typed.
  const [kept, setKept] = useState(nickname);
  if (kept !== nickname) {
    setKept(nickname);
    setValue(nickname);
  }
  const take = () => {
    if (value.trim() !== nickname) setNickname(id, value.trim());
  };
  return (
    <TextField
      label={text.label}
      hint={text.hint(label)}
      value={value}
      placeholder={label}
      maxLength={LENGTH}
      autoCapitalize="words"
      spellCheck={false}
      onChange={setValue}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key !== 'Escape' || value === nickname) return;
        event.stopPropagation();
        setValue(nickname);
      }}
      testId="nickname"
    />
  );
}
