/** What was found out about a TURN server. */
export interface TurnCheck {
  /** What was checked, as people say it; the same in each version, for programs. */
  name: string;
  held: boolean;
  /** Why it is taken to hold, or not: one line without secrets. */
  reason: string;
  /** What to do when it does not hold. */
  advice?: string;
}

/** A check that held. */
export function held(name: string, reason: string): TurnCheck {
  return { name, held: true, reason };
}

/** A check that did not. */
export function failed(name: string, reason: string, advice: string): TurnCheck {
  return { name, held: false, reason, advice };
}
