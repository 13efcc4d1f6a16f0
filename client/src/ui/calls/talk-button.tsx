import type { PointerEvent } from 'react';
import { useActions, useApp } from '../context.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';

/** With push to talk: says which key to hold, and can be held itself, for touch screens. */
export function TalkButton() {
  const isOn = useApp(({ settings }) => settings.pushToTalk);
  const isTalking = useApp(({ calls }) => calls.own.isTalking);
  const { setTalking } = useActions();
  if (!isOn) return null;
  const down = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setTalking(true);
  };
  return (
    <button
      type="button"
      className="talk"
      data-talking={isTalking}
      data-testid="call-talk"
      onPointerDown={down}
      onPointerUp={() => setTalking(false)}
      onPointerCancel={() => setTalking(false)}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Icon name={isTalking ? 'mic' : 'mic-off'} />
      {isTalking ? strings.call.talking : strings.call.pushToTalk}
    </button>
  );
}
