/** Times and names as people read them, in the browser's own language and time zone. */
import { strings } from './strings.ts';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const SHORT_DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const LONG_DATE = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

const WEEKDAY_TIME = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  hour: '2-digit',
  minute: '2-digit',
});

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

/** Weekday and time, for what is less than a week away. */
export function weekdayTime(at: number): string {
  return WEEKDAY_TIME.format(at);
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

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size as people read it, in steps of a thousand. */
export function bytes(size: number): string {
  const step = size < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** step;
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}

/** A file's name without signs that are not seen and make others seem to stand elsewhere: `a\u202Egpj.exe` would look like a picture. */
export function shownName(name: string): string {
  return name.replace(/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, '');
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
