import type { Device } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { SelectField } from '../kit/select-field.tsx';
import { Switch } from '../kit/switch.tsx';
import { strings } from '../strings.ts';
import './controls.css';

const text = strings.devices;

/** Stands for the browser's own choice: no device has this id. */
const USUAL = '';

function DeviceField({
  kind,
  devices,
  chosen,
}: {
  kind: 'microphone' | 'camera' | 'speaker';
  devices: readonly Device[];
  chosen: string | undefined;
}) {
  const { chooseDevice } = useActions();
  const named = devices.map(({ id, label }, index) => ({
    value: id,
    label: label === '' ? text.unnamed(text[kind], index + 1) : label,
  }));
  return (
    <SelectField
      label={text[kind]}
      options={[{ value: USUAL, label: text.usual }, ...named]}
      value={devices.some(({ id }) => id === chosen) ? (chosen ?? USUAL) : USUAL}
      onChange={(id) => chooseDevice(kind, id === USUAL ? undefined : id)}
      testId={`device-${kind}`}
    />
  );
}

/** Microphone, camera and loudspeaker to choose from, where there is something to choose. */
export function DeviceFields() {
  const devices = useApp(({ calls }) => calls.own.devices);
  return (
    <div className="device-fields">
      <DeviceField kind="microphone" devices={devices.microphones} chosen={devices.microphone} />
      <DeviceField kind="camera" devices={devices.cameras} chosen={devices.camera} />
      {devices.speakers.length > 0 && (
        <DeviceField kind="speaker" devices={devices.speakers} chosen={devices.speaker} />
      )}
      <SoundSwitches />
    </div>
  );
}

/** What is done to one's own sound before it is sent. */
export function SoundSwitches() {
  const { echoCancellation, noiseSuppression } = useApp((state) => state.settings);
  const { changeSettings } = useActions();
  return (
    <>
      <Switch
        label={strings.lobby.echo}
        checked={echoCancellation}
        onChange={(on) => changeSettings({ echoCancellation: on })}
        testId="echo-cancellation"
      />
      <Switch
        label={strings.lobby.noise}
        checked={noiseSuppression}
        onChange={(on) => changeSettings({ noiseSuppression: on })}
        testId="noise-suppression"
      />
    </>
  );
}
