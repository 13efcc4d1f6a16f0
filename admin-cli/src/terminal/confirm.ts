/** Consent to what cannot be undone: by a flag, or by the person at the terminal. */
import { UserFault } from '../faults.ts';
import type { Terminal } from './ask.ts';
import { canAsk, requireYes } from './ask.ts';

/**
 * Goes on when `--yes` was given, else asks. To be called before anything is done.
 * @param question what will happen, with a line break at its end
 * @param yes whether consent was given by the flag
 * @throws UserFault `not_confirmed` for any answer but `yes`, and where there is nobody to ask
 */
export async function confirm(question: string, yes: boolean, terminal: Terminal): Promise<void> {
  if (yes) return;
  if (!canAsk(terminal)) {
    throw new UserFault('not_confirmed', 'There is nobody to ask. Add --yes to go on. Nothing was done.');
  }
  await requireYes(question, terminal);
}
