import type { MessageItem } from '../../state/model.ts';
import { weekdayTime } from '../format.ts';
import { strings } from '../strings.ts';

const HOUR = 3_600_000;

/** A message lives between this and {@link LONGEST} at the relay, where its hour is not known. Milliseconds. */
const SHORTEST = 60 * HOUR;

/** See {@link SHORTEST}. */
const LONGEST = 108 * HOUR;

/** Nearer to the end than this, a message bears a sign. Milliseconds. */
const SOON = 6 * HOUR;

function isAtRelay({ delivery }: MessageItem): boolean {
  return delivery !== 'waiting' && delivery !== 'failed';
}

/** Whether less than six hours are certainly all that is left. */
export function expiresSoon(message: MessageItem, now: number): boolean {
  return isAtRelay(message) && (message.expiresAt ?? message.at + LONGEST) - now < SOON;
}

/** When a message disappears, in words; undefined before it is at the relay. */
export function expiryWords(message: MessageItem): string | undefined {
  if (!isAtRelay(message)) return undefined;
  if (message.expiresAt !== undefined) return strings.info.expires(weekdayTime(message.expiresAt));
  return strings.info.expiresBetween(weekdayTime(message.at + SHORTEST), weekdayTime(message.at + LONGEST));
}
