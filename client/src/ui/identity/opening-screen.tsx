import { strings } from '../strings.ts';
import { Gate } from './gate.tsx';

/** Shown while keys are derived. */
export function OpeningScreen() {
  return (
    <Gate title={strings.opening.title} lead={strings.opening.lead}>
      <progress className="gate-progress" aria-label={strings.opening.title} />
    </Gate>
  );
}
