/** Times and names as people read them, in the browser's own language and time zone. */
import { strings } from './strings.ts';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const SHORT_DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const LONG_DATE = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** A number that is the same for all times of one local day, and one more on the next. */
export function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** Hour and minute. */
export function timeOfDay(at: number): string {
  return TIME.format(at);
}

/** Day and time in full, for tooltips. */
export function fullTime(at: number): string {
  return FULL.format(at);
}

/** Heading of a day in a thread. */
export function dayLabel(at: number, now: number): string {
  const age = dayNumber(now) - dayNumber(at);
  if (age === 0) return strings.thread.today;
  if (age === 1) return strings.thread.yesterday;
  return LONG_DATE.format(at);
}

/** When something last happened, as short as it gets. */
export function shortWhen(at: number, now: number): string {
  const age = dayNumber(now) - dayNumber(at);
  if (age <= 0) return timeOfDay(at);
  if (age < 7) return WEEKDAY.format(at);
  return SHORT_DATE.format(at);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One or two signs that stand for a name: its initials, or the number it ends in. */
export function initials(label: string): string {
  const words = label.trim().split(/\s+/u);
  const last = words.at(-1) ?? '';
  if (words.length > 1 && /^\d{1,2}$/.test(last)) return last;
  const first = (word: string) => [...graphemes.segment(word)][0]?.segment ?? '';
  return (first(words[0] ?? '') + (words.length > 1 ? first(last) : '')).toLocaleUpperCase();
}
