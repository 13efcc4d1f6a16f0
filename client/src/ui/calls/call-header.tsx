import type { ActiveCall } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { Badge } from '../kit/badge.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { Tooltip } from '../kit/tooltip.tsx';
import { strings } from '../strings.ts';
import { useNow } from '../use-now.ts';
import type { PictureInPicture } from './picture-in-picture.tsx';
import type { CallView } from './use-call-view.ts';
import { callTitle, clock } from './words.ts';

const text = strings.call;

/** What a call is called; changes with who is in it. */
export function useCallTitle(call: ActiveCall): string {
  const conversations = useApp((state) => state.conversations);
  return callTitle(
    conversations,
    call.conversationId,
    call.participants.map(({ contact }) => contact),
  );
}

/** How long the call lasts, or what it waits for. */
export function CallStatus({ call }: { call: ActiveCall }) {
  const now = useNow(500);
  const { phase, startedAt } = call;
  if (phase === 'ended') return null;
  if (phase !== 'ongoing') return <span>{text[phase]}</span>;
  // A screen reader would read every second of it.
  return (
    <span className="call-timer" role="timer" aria-live="off" data-testid="call-timer">
      {clock(startedAt === undefined ? 0 : now - startedAt)}
    </span>
  );
}

function LayoutButton({ view }: { view: CallView }) {
  const { withKey, toGrid, toSpeaker } = strings.controls;
  const isGrid = view.layout === 'grid';
  return (
    <IconButton
      icon={isGrid ? 'spotlight' : 'grid'}
      label={isGrid ? toSpeaker : toGrid}
      tip={withKey(isGrid ? toSpeaker : toGrid, 'L')}
      data-testid="call-layout"
      onClick={() => view.setLayout(isGrid ? 'speaker' : 'grid')}
    />
  );
}

/** What the head of a call needs. */
export interface CallHeaderProps {
  call: ActiveCall;
  view: CallView;
  pip: PictureInPicture;
  onAdd: () => void;
}

/** What the call is, how long it lasts, and how it is shown. */
export function CallHeader({ call, view, pip, onAdd }: CallHeaderProps) {
  const isOver = call.phase === 'ended';
  return (
    <header className="call-header">
      <IconButton
        icon="shrink"
        label={text.shrink}
        data-testid="call-shrink"
        onClick={() => view.setFull(false)}
      />
      <div className="call-title">
        <h2>{useCallTitle(call)}</h2>
        <p>
          <CallStatus call={call} />
          {call.isDirect && (
            <Tooltip tip={text.directTip}>
              <span className="call-direct" data-testid="call-direct">
                <Badge tone="warn">{text.direct}</Badge>
                <span className="visually-hidden">{text.directTip}</span>
              </span>
            </Tooltip>
          )}
        </p>
      </div>
      {!isOver && (
        <div className="call-header-buttons">
          <LayoutButton view={view} />
          {pip.isSupported && (
            <IconButton
              icon="pip"
              label={strings.controls.pip}
              aria-pressed={pip.isOpen}
              disabled={!pip.hasPicture}
              data-testid="call-pip"
              onClick={pip.toggle}
            />
          )}
          <IconButton icon="new-group" label={text.add} data-testid="call-add" onClick={onAdd} />
        </div>
      )}
    </header>
  );
}
