import { useEffect, useRef, useState } from 'react';
import type { ActiveCall } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { AddDialog } from './add-dialog.tsx';
import { CallControls, canShareScreen, useCameraSwitch, useOwnMedia } from './call-controls.tsx';
import { Ended } from './call-ended.tsx';
import { CallFault } from './call-fault.tsx';
import { CallHeader, useCallTitle } from './call-header.tsx';
import type { PictureInPicture } from './picture-in-picture.tsx';
import { Stage } from './stage.tsx';
import { TalkButton } from './talk-button.tsx';
import type { CallView } from './use-call-view.ts';
import { useShortcuts } from './use-shortcuts.ts';
import './call.css';

/** What a call that fills the window needs. */
export interface CallScreenProps {
  call: ActiveCall;
  view: CallView;
  pip: PictureInPicture;
  /** The browser wants a click before it plays sound. */
  needsClick: boolean;
  onHear: () => void;
}

function useKeys(call: ActiveCall, view: CallView): void {
  const own = useOwnMedia();
  const { setMuted, setDeafened, setScreen } = useActions();
  const changeCamera = useCameraSwitch(call.isCameraAllowed);
  const keys = {
    m: () => setMuted(!own.muted),
    d: () => setDeafened(!own.deafened),
    v: () => changeCamera?.(),
    s: () => canShareScreen() && setScreen(!own.screenOn),
    l: () => view.setLayout(view.layout === 'grid' ? 'speaker' : 'grid'),
  };
  useShortcuts(call.phase === 'ended' ? undefined : keys);
}

/** Takes the focus while it is shown, and gives it back. */
function useFocusInside() {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    section.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return section;
}

function OwnFaults({ call }: { call: ActiveCall }) {
  const { microphoneFault, cameraFault, screenFault } = useOwnMedia();
  const { setMuted, setCamera } = useActions();
  const titles = strings.callFaults;
  return (
    <>
      {call.fault && <CallFault fault={call.fault} title={strings.faultTitle} />}
      {microphoneFault && (
        <CallFault fault={microphoneFault} title={titles.microphone}>
          <Button small data-testid="microphone-retry" onClick={() => setMuted(false)}>
            {titles.retry}
          </Button>
        </CallFault>
      )}
      {cameraFault && (
        <CallFault fault={cameraFault} title={titles.camera}>
          <Button small data-testid="camera-retry" onClick={() => setCamera(true)}>
            {titles.retry}
          </Button>
        </CallFault>
      )}
      {screenFault && <CallFault fault={screenFault} title={titles.screen} />}
    </>
  );
}

function Notices({ call, needsClick, onHear }: Pick<CallScreenProps, 'call' | 'needsClick' | 'onHear'>) {
  const deafened = useApp(({ calls }) => calls.own.deafened);
  return (
    <div className="call-notices">
      {needsClick && (
        <div className="call-notice" role="alert">
          <Icon name="volume" />
          <span>{strings.call.hear}</span>
          <Button small tone="primary" data-testid="call-hear" onClick={onHear}>
            {strings.call.hearButton}
          </Button>
        </div>
      )}
      {deafened && (
        <p className="call-notice">
          <Icon name="headphones-off" />
          {strings.controls.deafenLead}
        </p>
      )}
      {!call.isCameraAllowed && (
        <p className="call-notice" data-testid="call-camera-cap">
          <Icon name="camera-off" />
          {strings.call.cameraCap}
        </p>
      )}
      <OwnFaults call={call} />
    </div>
  );
}

/** The call this page is in, over the whole window. Pictures are seen best on dark ground, whatever the theme. */
export function CallScreen({ call, view, pip, needsClick, onHear }: CallScreenProps) {
  useKeys(call, view);
  const section = useFocusInside();
  const [adding, setAdding] = useState(false);
  const title = useCallTitle(call);
  const isOver = call.phase === 'ended';
  return (
    <section
      ref={section}
      className="call"
      tabIndex={-1}
      aria-label={strings.call.screen(title)}
      data-testid="call"
      data-phase={call.phase}
      data-layout={view.layout}
      data-refused={call.refused?.join(' ')}
    >
      <CallHeader call={call} view={view} pip={pip} onAdd={() => setAdding(true)} />
      {isOver ? <Ended call={call} /> : <Stage call={call} view={view} />}
      {!isOver && <Notices call={call} needsClick={needsClick} onHear={onHear} />}
      {!isOver && (
        <footer className="call-footer">
          <TalkButton />
          <CallControls call={call} />
        </footer>
      )}
      {adding && <AddDialog call={call} onClose={() => setAdding(false)} />}
    </section>
  );
}
