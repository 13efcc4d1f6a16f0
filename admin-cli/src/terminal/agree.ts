import * as Flags from '@oclif/core/flags';
import { UserFault } from '../faults.ts';
import type { Terminal } from './ask.ts';
import { canAsk, ownTerminal, requireYes } from './ask.ts';

/** `--yes`, for every command that asks before it does what cannot be undone. */
export const yesFlag = {
  yes: Flags.boolean({ char: 'y', summary: 'Do not ask first.' }),
};

/**
 * Asks for consent unless it was given with `--yes`.
 * @param question a sentence that says what will be lost
 * @throws UserFault `not_confirmed` for any answer but `yes`, and where nobody can be asked
 */
export async function agree(
  question: string,
  { yes, terminal = ownTerminal }: { yes: boolean; terminal?: Terminal },
): Promise<void> {
  if (yes) return;
  if (!canAsk(terminal)) {
    throw new UserFault('not_confirmed', 'There is nobody to ask. Add --yes. Nothing was done.');
  }
  await requireYes(question, terminal);
}
