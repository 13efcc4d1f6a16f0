import type { GapItem } from '../../state/model.ts';
import { strings } from '../strings.ts';

const text = strings.thread;

const WORDS: Record<GapItem['reason'], { title: (count: number) => string; hint?: string }> = {
  expired: { title: () => text.expired },
  elsewhere: { title: text.elsewhere, hint: text.elsewhereHint },
  missing: { title: text.missing, hint: text.missingHint },
};

/** Stands where something is named that is not there. */
export function GapMarker({ gap: { reason, count } }: { gap: GapItem }) {
  const { title, hint } = WORDS[reason];
  return (
    <div className="gap" data-testid="gap" data-reason={reason} data-count={count}>
      <p>{title(count)}</p>
      {hint && <p className="gap-hint">{hint}</p>}
    </div>
  );
}
