import { useRef, useState } from 'react';
import type { Fault, Lobby as LobbyState } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { namesOf } from '../conversations/names.ts';
import { Avatar } from '../kit/avatar.tsx';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { Spinner } from '../kit/spinner.tsx';
import { strings } from '../strings.ts';
import { CameraControl, MuteControl, useOwnMedia } from './call-controls.tsx';
import { CallFault } from './call-fault.tsx';
import { DeviceFields } from './device-fields.tsx';
import { LevelMeter } from './level-meter.tsx';
import { Reach } from './reach.tsx';
import { StreamVideo } from './stream-video.tsx';
import { callTitle } from './words.ts';
import './lobby.css';

const text = strings.lobby;

function Preview({ isCameraAllowed }: { isCameraAllowed: boolean }) {
  const self = useApp((state) => state.self);
  const camera = useApp(({ calls }) => calls.own.camera);
  const { cameraOn, cameraFault } = useOwnMedia();
  const words = !isCameraAllowed ? strings.call.cameraCap : text.cameraOff;
  return (
    <div className="preview" data-testid="lobby-preview">
      {cameraOn && camera ? (
        <StreamVideo stream={camera} mirrored />
      ) : (
        <div className="preview-still">
          {self && <Avatar contact={self} size="xl" />}
          <p>
            {cameraOn && cameraFault === undefined ? (
              <>
                <Spinner /> {text.starting}
              </>
            ) : (
              words
            )}
          </p>
        </div>
      )}
      <div className="preview-controls">
        <MuteControl testId="lobby-mute" />
        <CameraControl isAllowed={isCameraAllowed} testId="lobby-camera" />
      </div>
    </div>
  );
}

function Faults() {
  const { microphoneFault, cameraFault } = useOwnMedia();
  return (
    <>
      {microphoneFault && <CallFault fault={microphoneFault} title={strings.callFaults.microphone} />}
      {cameraFault && <CallFault fault={cameraFault} title={strings.callFaults.camera} />}
    </>
  );
}

/** Before a call: how one looks and sounds, with which devices, and whether calls get through from here. */
export function Lobby({ lobby }: { lobby: LobbyState }) {
  const conversations = useApp((state) => state.conversations);
  const isDirect = useApp(({ settings }) => settings.directCalls);
  const { enterCall, leaveLobby } = useActions();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const enterButton = useRef<HTMLButtonElement>(null);
  const title = callTitle(conversations, lobby.conversationId, lobby.with);
  const enter = async () => {
    setBusy(true);
    setFault(await enterCall());
    setBusy(false);
  };
  const isStart = lobby.kind === 'start';
  return (
    <Dialog
      title={isStart ? text.start(title) : text.join}
      lead={text.with(namesOf(lobby.with))}
      onClose={() => leaveLobby()}
      size="wide"
      firm
      initialFocus={enterButton}
      testId="lobby"
      footer={
        <>
          <Button onClick={() => leaveLobby()} data-testid="lobby-leave">
            {strings.kit.cancel}
          </Button>
          <Button
            ref={enterButton}
            tone="primary"
            icon="phone"
            busy={busy}
            disabled={lobby.reach.phase === 'failed' && !isDirect}
            data-testid="lobby-enter"
            onClick={enter}
          >
            {isStart ? text.enter : text.enterJoin}
          </Button>
        </>
      }
    >
      <div className="lobby">
        <div className="lobby-own">
          <Preview isCameraAllowed={lobby.isCameraAllowed} />
          <LevelMeter />
        </div>
        <DeviceFields />
      </div>
      <Faults />
      <Reach reach={lobby.reach} />
      {fault && <FaultNote fault={fault} />}
    </Dialog>
  );
}
