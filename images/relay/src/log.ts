import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';

export type { Logger };

/**
 * A logger that writes one JSON object a line. What is logged is chosen where it happens: starts and stops, and the kind
 * of a fault; never an address, a key hash, an id, a request, how much there is of anything (each line has its time), or the text of a database error,
 * which may quote values.
 *
 * @param part `relay` or `worker`
 * @param level least level that is written
 * @param destination where to, standard output when not given
 */
export function createLogger(part: string, level: string, destination?: DestinationStream): Logger {
  const options = { level, base: { part } };
  return destination ? pino(options, destination) : pino(options);
}

/** What may be logged of a fault: its class, its code, and where in the code it arose. */
export function describeFault(error: unknown): { fault: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return { fault: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const stack = error.stack ?? '';
  // The message precedes the frames and may quote values.
  const frames = stack.slice(stack.indexOf(error.message) + error.message.length).match(/(?<=\n\s+at ).+/g);
  return { fault: error.name, ...code, ...(frames && { at: frames.slice(0, 8) }) };
}
