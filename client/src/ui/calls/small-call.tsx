import type { ActiveCall } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Avatar } from '../kit/avatar.tsx';
import { Button } from '../kit/button.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { strings } from '../strings.ts';
import { MuteControl } from './call-controls.tsx';
import { CallStatus, useCallTitle } from './call-header.tsx';
import { Control } from './control.tsx';
import { StreamVideo } from './stream-video.tsx';
import type { CallView } from './use-call-view.ts';
import { useIsSpeaking } from './use-is-speaking.ts';
import './small-call.css';

function Picture({ view }: { view: CallView }) {
  const { main } = view;
  if (main === undefined) return null;
  const { camera, screen, hasCamera, contact } = main.participant;
  if (main.kind === 'screen' && screen) return <StreamVideo stream={screen} whole />;
  if (main.kind === 'person' && hasCamera && camera) return <StreamVideo stream={camera} />;
  return <Avatar contact={contact} size="l" />;
}

/** The call this page is in, small, while one reads something else. */
export function SmallCall({
  call,
  view,
  needsClick,
  onHear,
}: {
  call: ActiveCall;
  view: CallView;
  needsClick: boolean;
  onHear: () => void;
}) {
  const { leaveCall, dismissCall } = useActions();
  const title = useCallTitle(call);
  const isOver = call.phase === 'ended';
  const isSpeaking = useIsSpeaking(view.main?.participant);
  return (
    <section
      className="call-small"
      aria-label={strings.call.small}
      data-testid="call-small"
      data-phase={call.phase}
      data-speaking={isSpeaking}
    >
      <div className="call-small-picture">
        <Picture view={view} />
      </div>
      <div className="call-small-words">
        <strong>{title}</strong>
        {isOver ? (
          <span role="status" data-testid="call-ended" data-ending={call.ending}>
            {strings.ended[call.ending ?? 'left'][0]}
          </span>
        ) : (
          <CallStatus call={call} />
        )}
      </div>
      <div className="call-small-buttons">
        {isOver ? (
          <IconButton
            icon="close"
            label={strings.ended.close}
            data-testid="call-dismiss"
            onClick={() => dismissCall()}
          />
        ) : (
          <>
            <MuteControl testId="call-mute" />
            <Control
              icon="expand"
              label={strings.call.show}
              data-testid="call-expand"
              onClick={() => view.setFull(true)}
            />
            <Control
              icon="hang-up"
              tone="danger"
              label={strings.controls.leave}
              data-testid="call-leave"
              onClick={() => leaveCall()}
            />
          </>
        )}
      </div>
      {needsClick && !isOver && (
        <Button small tone="primary" icon="volume" data-testid="call-hear" onClick={onHear}>
          {strings.call.hearButton}
        </Button>
      )}
    </section>
  );
}
