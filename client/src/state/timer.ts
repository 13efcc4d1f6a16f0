/**
 * Runs work once, later; tests give a clock of their own.
 * @param ms milliseconds from now
 * @returns calls the work off, where it has not begun
 */
export type After = (ms: number, work: () => void) => () => void;

/** By the timer of the platform. */
export const after: After = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};
