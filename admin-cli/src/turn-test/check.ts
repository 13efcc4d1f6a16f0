/** What was found out about a TURN server. */
export interface TurnCheck {
  /** What was checked, as people say it; the same in each version, for programs. */
  name: string;
  held: boolean;
  /** Why it is taken to hold, or not: one line without secrets. */
  reason: string;
  /** What to do when it does not hold. */
  advice?: string;
  /** It was not tried, as another that has to hold first does not. */
  skipped?: true;
}

/** A check that held. */
export function held(name: string, reason: string): TurnCheck {
  return { name, held: true, reason };
}

/** A check that could not be made before another holds. It does not count as held. */
export function skipped(name: string, reason: string): TurnCheck {
  return { name, held: false, reason, advice: 'Mend that first.', skipped: true };
}

/** A check that did not. */
export function failed(name: string, reason: string, advice: string): TurnCheck {
  return { name, held: false, reason, advice };
}
