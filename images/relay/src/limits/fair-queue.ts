/** Turns at something of which there is little, such as connections to the database: shared out by who asks, not by how much each asks. */
export interface FairQueue {
  /**
   * Waits for a place. Whoever waits gets places by turns with all others who wait; what one asks for itself comes in the order it was asked.
   * @param who names it; undefined for the relay's own work, which never waits and takes no place
   * @returns gives the place back; calling it again changes nothing
   */
  enter(who: string | undefined): Promise<() => void>;
  /** How many wait. */
  waiting(): number;
}

/** How much there is. */
export interface Places {
  /** At once, of all. */
  all: number;
  /** At once, of one: the rest stays free for others, also while nobody else asks. */
  each: number;
  /** At once, of one while others ask or did a second ago: what is done for one slows what is done for others, places or not. As `each` unless given. */
  beside?: number;
}

const NOTHING = () => undefined;
/** Others who asked so long ago, in milliseconds, are not thought of any more. */
const LATELY_MS = 1_000;

/** Makes a queue in which nobody waits. It remembers somebody while they wait or have a place, and for a second. */
export function createFairQueue(
  { all, each, beside = each }: Places,
  now: () => number = () => performance.now(),
): FairQueue {
  /** Whose turn it is next comes first. */
  const lines = new Map<string, (() => void)[]>();
  const taken = new Map<string, number>();
  let places = 0;
  let waiting = 0;

  /** When each asked last, the longest ago first. */
  const asked = new Map<string, number>();

  const has = (who: string) => taken.get(who) ?? 0;

  function note(who: string): void {
    asked.delete(who);
    asked.set(who, now());
  }

  function mayHave(who: string): number {
    for (const [known, at] of asked) {
      if (at > now() - LATELY_MS) break;
      asked.delete(known);
    }
    return asked.size > (asked.has(who) ? 1 : 0) ? beside : each;
  }

  function take(who: string): () => void {
    places += 1;
    taken.set(who, has(who) + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      places -= 1;
      const left = has(who) - 1;
      if (left === 0) taken.delete(who);
      else taken.set(who, left);
      admit();
    };
  }

  /** Gives free places to those who wait, one each, over and over. */
  function admit(): void {
    while (places < all) {
      const next = [...lines.keys()].find((who) => has(who) < mayHave(who));
      if (next === undefined) return;
      const line = lines.get(next) ?? [];
      const begin = line.shift();
      lines.delete(next);
      // Behind all others who wait.
      if (line.length > 0) lines.set(next, line);
      waiting -= 1;
      begin?.();
    }
  }

  return {
    async enter(who) {
      if (who === undefined) return NOTHING;
      note(who);
      if (places < all && has(who) < mayHave(who) && !lines.has(who)) return take(who);
      return new Promise((resolve) => {
        const line = lines.get(who) ?? [];
        line.push(() => resolve(take(who)));
        lines.set(who, line);
        waiting += 1;
      });
    },
    waiting: () => waiting,
  };
}
