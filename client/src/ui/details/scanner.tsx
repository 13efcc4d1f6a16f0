import { useRef, useState } from 'react';
import { Button } from '../kit/button.tsx';
import { Note } from '../kit/note.tsx';
import { strings } from '../strings.ts';
import { useCodeScanner } from './use-code-scanner.ts';

const text = strings.scan;

const FAULTS = {
  denied: [text.denied, text.deniedLead],
  missing: [text.missing, text.missingLead],
  failed: [text.failed, text.failedLead],
} as const;

/** What the camera sees, while this is rendered, and each code in it; or why there is no picture. */
export function Scanner({
  foreign,
  onCode,
}: {
  /** The last code was of something else. */
  foreign: boolean;
  onCode: (code: string) => void;
}) {
  const [attempt, setAttempt] = useState(0);
  const video = useRef<HTMLVideoElement>(null);
  const camera = useCodeScanner(video, attempt, onCode);
  const fault = camera === 'starting' || camera === 'looking' ? undefined : camera;
  return (
    <>
      <video
        ref={video}
        className="scan-video"
        aria-label={text.video}
        hidden={fault !== undefined}
        muted
        playsInline
      />
      {camera === 'starting' && <p role="status">{text.starting}</p>}
      {camera === 'looking' && <p role="status">{foreign ? text.foreign : text.looking}</p>}
      {fault && (
        <div role="alert" data-testid="scan-fault" data-code={fault}>
          <Note
            tone="warn"
            icon="warning"
            title={FAULTS[fault][0]}
            actions={
              <Button small data-testid="scan-again" onClick={() => setAttempt(attempt + 1)}>
                {text.again}
              </Button>
            }
          >
            <p>{FAULTS[fault][1]}</p>
          </Note>
        </div>
      )}
    </>
  );
}
