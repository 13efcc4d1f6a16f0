import type { CSSProperties } from 'react';
import { useApp } from '../context.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';

/** Shows how loud the own microphone is, so that one sees that it works. */
export function LevelMeter() {
  const level = useApp(({ calls }) => calls.own.level);
  const muted = useApp(({ calls }) => calls.own.muted);
  const shown = muted ? 0 : Math.min(1, Math.max(0, level));
  return (
    <div className="level" data-muted={muted}>
      <Icon name={muted ? 'mic-off' : 'mic'} />
      {/* biome-ignore lint/a11y/useSemanticElements: a meter element cannot be given this look everywhere. */}
      <div
        className="level-track"
        role="meter"
        aria-label={strings.lobby.level}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(shown * 100)}
        data-testid="level"
      >
        <span className="level-fill" style={{ '--level': shown } as CSSProperties} />
      </div>
    </div>
  );
}
