import { useRef, useState } from 'react';
import type { ActiveCall } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { OpenPopover } from '../kit/popover.tsx';
import { strings } from '../strings.ts';
import { Control } from './control.tsx';
import { DeviceFields } from './device-fields.tsx';

const text = strings.controls;

/** The parts of one's own media that buttons show; they do not change with the loudness. */
export function useOwnMedia() {
  const muted = useApp(({ calls }) => calls.own.muted);
  const deafened = useApp(({ calls }) => calls.own.deafened);
  const cameraOn = useApp(({ calls }) => calls.own.cameraOn);
  const screenOn = useApp(({ calls }) => calls.own.screenOn);
  const microphoneFault = useApp(({ calls }) => calls.own.microphoneFault);
  const cameraFault = useApp(({ calls }) => calls.own.cameraFault);
  const screenFault = useApp(({ calls }) => calls.own.screenFault);
  return { muted, deafened, cameraOn, screenOn, microphoneFault, cameraFault, screenFault };
}

/** Whether this browser lets pages share a screen; on phones none does. */
export function canShareScreen(): boolean {
  return typeof navigator !== 'undefined' && navigator.mediaDevices !== undefined
    ? 'getDisplayMedia' in navigator.mediaDevices
    : true;
}

/** Mutes and unmutes; also in a lobby. */
export function MuteControl({ testId }: { testId: string }) {
  const { muted, microphoneFault } = useOwnMedia();
  const { setMuted } = useActions();
  return (
    <Control
      icon={muted ? 'mic-off' : 'mic'}
      label={text.mute}
      tip={text.withKey(muted ? text.unmute : text.mute, 'M')}
      aria-pressed={muted}
      isTroubled={microphoneFault !== undefined}
      data-testid={testId}
      onClick={() => setMuted(!muted)}
    />
  );
}

/** Switches the camera on where it is allowed; undefined where nothing is to be done. Off is always allowed. */
export function useCameraSwitch(isAllowed: boolean): (() => void) | undefined {
  const { cameraOn } = useOwnMedia();
  const { setCamera } = useActions();
  return isAllowed || cameraOn ? () => void setCamera(!cameraOn) : undefined;
}

/** Switches the camera on and off; also in a lobby. */
export function CameraControl({ isAllowed, testId }: { isAllowed: boolean; testId: string }) {
  const { cameraOn, cameraFault } = useOwnMedia();
  const change = useCameraSwitch(isAllowed);
  const does = text.withKey(cameraOn ? text.cameraOff : text.cameraOn, 'V');
  return (
    <Control
      icon={cameraOn ? 'video' : 'camera-off'}
      label={text.camera}
      tip={change ? does : strings.call.cameraCap}
      aria-pressed={cameraOn}
      aria-disabled={change === undefined}
      isTroubled={cameraFault !== undefined}
      data-testid={testId}
      onClick={() => change?.()}
    />
  );
}

function DevicesControl() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Control
        ref={button}
        icon="settings"
        label={text.devices}
        aria-expanded={open}
        data-testid="call-devices"
        onClick={() => setOpen(true)}
      />
      {open && button.current && (
        <OpenPopover
          anchor={button.current}
          title={strings.devices.title}
          testId="devices"
          onClose={() => setOpen(false)}
          returnTo={() => button.current}
        >
          <DeviceFields />
        </OpenPopover>
      )}
    </>
  );
}

/** What one can do in a call: one's own sound and pictures, devices, and leaving. */
export function CallControls({ call }: { call: ActiveCall }) {
  const { deafened, screenOn, screenFault } = useOwnMedia();
  const { setDeafened, setScreen, leaveCall } = useActions();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div className="call-controls" role="group" aria-label={strings.call.controls}>
      <MuteControl testId="call-mute" />
      <Control
        icon={deafened ? 'headphones-off' : 'headphones'}
        label={text.deafen}
        tip={text.withKey(deafened ? text.undeafen : text.deafen, 'D')}
        aria-pressed={deafened}
        data-testid="call-deafen"
        onClick={() => setDeafened(!deafened)}
      />
      <CameraControl isAllowed={call.isCameraAllowed} testId="call-camera" />
      {canShareScreen() && (
        <Control
          icon={screenOn ? 'screen-off' : 'screen'}
          label={text.screen}
          tip={text.withKey(screenOn ? text.screenOff : text.screen, 'S')}
          aria-pressed={screenOn}
          isTroubled={screenFault !== undefined}
          data-testid="call-screen"
          onClick={() => setScreen(!screenOn)}
        />
      )}
      <DevicesControl />
      <Control
        icon="hang-up"
        label={text.leave}
        tone="danger"
        data-testid="call-leave"
        onClick={() => leaveCall()}
      />
    </div>
  );
}
