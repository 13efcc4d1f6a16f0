/** The parts of a relay that `doctor` looks at, in the order in which it tells of them. */
export const AREAS = [
  'engine',
  'services',
  'database',
  'disk',
  'clock',
  'ports',
  'API',
  'TURN',
  'certificate',
  'origins',
  'secrets',
  'coturn',
  'relay range',
] as const;

/** One of the parts. */
export type Area = (typeof AREAS)[number];

/**
 * `fault`: something does not work, or will not within days. `warning`: it works, and is worth a look; it may be meant so.
 * `unseen`: it could not be looked at from here.
 */
export type Level = 'ok' | 'unseen' | 'warning' | 'fault';

/** What was found out about a part: never a secret, nor anything of a member. */
export interface Finding {
  area: Area;
  level: Level;
  /** One sentence. */
  finding: string;
  /** What it means for members or the operator; for warnings and faults. */
  means?: string;
  /** What mends it: a command, or a setting and then a command; for warnings and faults. */
  mend?: string;
}

/** How the findings of an area are made. */
export interface Findings {
  ok(finding: string): Finding;
  unseen(finding: string): Finding;
  warning(finding: string, means: string, mend: string): Finding;
  fault(finding: string, means: string, mend: string): Finding;
}

/** Makers of findings for an area. */
export function findingsOf(area: Area): Findings {
  return {
    ok: (finding) => ({ area, level: 'ok', finding }),
    unseen: (finding) => ({ area, level: 'unseen', finding }),
    warning: (finding, means, mend) => ({ area, level: 'warning', finding, means, mend }),
    fault: (finding, means, mend) => ({ area, level: 'fault', finding, means, mend }),
  };
}
