/** When a call that this page is in ends by itself. */
import type { ActiveCall } from '../model.ts';
import type { Call } from './call.ts';

/** How long a call rings before it counts as unanswered. Milliseconds. */
export const RING_MS = 45_000;

/**
 * @param enteredAt when this page came in, and `now`; milliseconds
 * @returns why the call ends now; undefined where it goes on
 */
export function endingOf(
  call: Call,
  self: string,
  enteredAt: number,
  now: number,
): ActiveCall['ending'] | undefined {
  if (call.othersIn.length > 0) return undefined;
  const isRinging = call.ringing.some((member) => call.ringsAt.has(member));
  if (call.startedAt !== undefined) return isRinging ? undefined : 'alone';
  const invited = call.snapshot.members.filter(({ member }) => member !== self);
  const isBusy = (member: string) =>
    call.snapshot.pages.some((page) => page.member === member && page.at === 'busy');
  if (invited.every(({ hasDeclined }) => hasDeclined)) return 'declined';
  if (invited.every(({ member, hasDeclined }) => hasDeclined || isBusy(member))) return 'busy';
  return now - enteredAt >= RING_MS ? 'unanswered' : undefined;
}
