/**
 * Whether the relay shows one key to everybody (SPEC.md §22.3). Pure: what is known goes in, and comes out with what was noticed. A relay that gave each member
 * another key would know by whom its tokens were drawn.
 */
import { ISSUER_KEY_HOURS } from '@relay/protocol';
import type { IssuerMemory, KnownKey } from './token-document.ts';

/** What a member's message says of the relay's key. */
export interface HeardIssuer extends KnownKey {
  /** The hour in which the relay told that member that it is the newest. */
  hour: number;
}

/** What was noticed. */
export type Suspicion = 'two keys' | 'unknown key' | 'hidden key' | 'older key' | 'many keys';

/** How far two clocks, each wrong by an hour, may be apart. */
const CLOCK_HOURS = 2;
/** Keys that may come in a week: one by the calendar, the others after members were revoked. */
const MOST_KEYS = 5;
/** Keys that are remembered. */
const KEPT = 16;

/** What comes of something that was told. */
export interface Judgement {
  memory: IssuerMemory;
  suspicion: Suspicion | undefined;
}

/**
 * Takes what the relay tells now.
 * @param told newest first, not empty
 * @param hour now, from the Unix epoch
 */
export function relayTold(memory: IssuerMemory, told: readonly KnownKey[], hour: number): Judgement {
  const newest = told[0]?.epoch ?? 0;
  const before = memory.keys[0]?.epoch ?? 0;
  const fresh = told.filter(({ epoch }) => memory.keys.every((known) => known.epoch !== epoch));
  const keys = [...fresh, ...memory.keys].sort((a, b) => b.epoch - a.epoch).slice(0, KEPT);
  const next: IssuerMemory = { keys, told: hour };
  const judge = (): Suspicion | undefined => {
    if (told.some((key) => contradicts(memory.keys, key)) || hasTwo(told)) return 'two keys';
    if (newest < before) return 'older key';
    const since = memory.told;
    // It was there already when the relay told of none that new.
    if (since !== undefined && fresh.some(({ epoch }) => epoch > before && epoch + CLOCK_HOURS < since))
      return 'hidden key';
    if (keys.filter(({ epoch }) => epoch > newest - ISSUER_KEY_HOURS).length > MOST_KEYS) return 'many keys';
    return undefined;
  };
  return { memory: next, suspicion: judge() };
}

/**
 * Judges what a member says.
 * @param hour now, from the Unix epoch; what claims to be later than the next one is not judged by its hour
 * @returns `ask` when the relay has to be asked first: the member names a newer key than the relay told of
 */
export function memberSaid(
  { keys }: IssuerMemory,
  heard: HeardIssuer,
  hour: number,
): Suspicion | 'ask' | undefined {
  if (contradicts(keys, heard)) return 'two keys';
  const isTimely = heard.hour <= hour + 1;
  if (isTimely && keys.some(({ epoch }) => epoch > heard.epoch && epoch + CLOCK_HOURS < heard.hour))
    return 'hidden key';
  return heard.epoch > (keys[0]?.epoch ?? 0) ? 'ask' : undefined;
}

/** Judges it again, after the relay was asked. */
export function stillSaid(memory: IssuerMemory, heard: HeardIssuer, hour: number): Suspicion | undefined {
  const judged = memberSaid(memory, heard, hour);
  return judged === 'ask' ? 'unknown key' : judged;
}

function contradicts(keys: readonly KnownKey[], { epoch, hash }: KnownKey): boolean {
  return keys.some((known) => known.epoch === epoch && known.hash !== hash);
}

function hasTwo(keys: readonly KnownKey[]): boolean {
  return new Set(keys.map(({ epoch }) => epoch)).size < keys.length;
}
