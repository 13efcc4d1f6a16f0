import type { GapItem } from '../../state/model.ts';
import { strings } from '../strings.ts';

/** Stands where something is named that is not there. */
export function GapMarker({ gap: { reason, count } }: { gap: GapItem }) {
  return (
    <div className="gap" data-testid="gap" data-reason={reason} data-count={count}>
      <p>{reason === 'expired' ? strings.thread.expired : strings.thread.missing(count)}</p>
      {reason === 'missing' && <p className="gap-hint">{strings.thread.missingHint}</p>}
    </div>
  );
}
