import { Progress } from '@base-ui/react/progress';
import './display.css';

/** What a progress needs. */
export interface ProgressProps {
  /** Says what goes on. */
  label: string;
  done: number;
  total: number;
}

/** How far something got, as a bar of the full width. */
export function ProgressBar({ label, done, total }: ProgressProps) {
  return (
    <Progress.Root aria-label={label} value={done} max={Math.max(total, 1)}>
      <Progress.Track className="progress-track">
        <Progress.Indicator className="progress-indicator" />
      </Progress.Track>
    </Progress.Root>
  );
}

/** The same as a ring, in the colour of the text around it. */
export function ProgressRing({ label, done, total }: ProgressProps) {
  const max = Math.max(total, 1);
  const left = 100 - Math.min(100, (100 * done) / max);
  return (
    <Progress.Root className="progress-ring" aria-label={label} value={done} max={max}>
      <svg viewBox="0 0 36 36" aria-hidden="true" focusable="false">
        <circle cx="18" cy="18" r="15" pathLength="100" />
        <circle cx="18" cy="18" r="15" pathLength="100" strokeDashoffset={left} />
      </svg>
    </Progress.Root>
  );
}
