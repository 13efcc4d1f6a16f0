/** So long an answer waits that only says that there were too many. */
const HOLD_MS = 1_000;
/** Answers that wait at once, at most; beyond that connections are closed instead. */
const MOST_HELD = 256;

/** A response, or the connection of a request that has none yet. */
export interface Closable {
  on(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/**
 * Slows those down who do not wait as they are told: a refusal is given only after a second, so that whoever asks again as fast as it can costs
 * no more than its connections. Everybody else has to wait for as long anyway.
 */
export interface Refusals {
  /** Gives an answer a little later, or closes the connection when too many wait already. */
  hold(response: Closable, answer: () => void): void;
  /** Answers all that wait, and does not wait any more. */
  close(): void;
}

/** @param holdMs how long an answer waits, in milliseconds */
export function createRefusals(holdMs = HOLD_MS): Refusals {
  const held = new Map<Closable, () => void>();
  let isClosed = false;
  return {
    hold(response, answer) {
      if (isClosed) return answer();
      if (held.size >= MOST_HELD) return void response.destroy();
      const give = () => {
        clearTimeout(timer);
        response.off('close', drop);
        held.delete(response);
        answer();
      };
      const drop = () => {
        clearTimeout(timer);
        held.delete(response);
      };
      const timer = setTimeout(give, holdMs);
      response.on('close', drop);
      held.set(response, give);
    },
    close() {
      isClosed = true;
      for (const give of [...held.values()]) give();
    },
  };
}
