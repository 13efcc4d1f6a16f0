import { useActions, useApp } from '../context.tsx';
import { Note } from '../kit/note.tsx';
import { Switch } from '../kit/switch.tsx';
import { strings } from '../strings.ts';
import { SoundSwitches } from './device-fields.tsx';

const text = strings.callSettings;

/** What a member chooses for all its calls. */
export function CallSettings() {
  const { directCalls, pushToTalk } = useApp((state) => state.settings);
  const { changeSettings } = useActions();
  return (
    <>
      <Switch
        label={text.pushToTalk}
        hint={text.pushToTalkHint}
        checked={pushToTalk}
        onChange={(on) => changeSettings({ pushToTalk: on })}
        testId="push-to-talk"
      />
      <SoundSwitches />
      <Switch
        label={text.direct}
        hint={text.directHint}
        checked={directCalls}
        onChange={(on) => changeSettings({ directCalls: on })}
        testId="direct-calls"
      />
      {directCalls && (
        <Note tone="warn" icon="warning" title={text.directOn} testId="direct-calls-warning">
          <p>{text.directOnLead}</p>
        </Note>
      )}
    </>
  );
}
