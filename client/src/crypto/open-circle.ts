/** An open identity with what it shares with every member, under every circle secret that it holds (SPEC.md §4). */
import type { Identity, Pair, RosterMember } from '@relay/protocol';
import {
  derivePair,
  hex,
  identityWithRoster,
  matchBlobId,
  openRosterUpdate,
  safetyNumberOf,
} from '@relay/protocol';
import type { RosterDiff } from './roster-diff.ts';

/** A member as the client may know it. */
export interface MemberView {
  /** Hexadecimal key hash. */
  id: string;
  number: number;
  label: string;
  /** Not in the roster in use any more: its blobs can be read, nothing can be sealed to it. */
  isFormer: boolean;
  /** Twelve groups of five digits (SPEC.md §4.1); absent for the member itself. */
  safetyNumber?: string;
  /** What the QR code of the safety number holds: ASCII text. */
  safetyCode?: string;
}

/** What a client may know of the circle. */
export interface CircleView {
  /** 32 bytes. */
  circleId: Uint8Array;
  /** Hexadecimal key hash of the member itself. */
  self: string;
  /** Those of the roster in use by number, then former ones by number. */
  members: MemberView[];
  /** Serial of the roster in use. */
  rosterSerial: number;
  /** Hash of the roster in use, hexadecimal. */
  rosterHash: string;
  /** Serial of the roster in the identity file that was opened. */
  fileSerial: number;
  /** Name of this member's local store. */
  storeName: string;
}

/** What the acceptance of a roster update changed. */
export interface RosterChange extends RosterDiff {
  view: CircleView;
}

/** A member and the pairs with it, of the newest circle secret first. */
export interface Acquaintance {
  member: RosterMember;
  pairs: readonly Pair[];
}

/** An identity at work. Never changed: a roster update makes another one. */
export interface OpenCircle {
  identity: Identity;
  /** Serial of the roster in the identity file that was opened. */
  fileSerial: number;
  /** Members of the roster in use, by hexadecimal key hash. */
  current: ReadonlyMap<string, Acquaintance>;
  /** Members of earlier rosters only. */
  former: ReadonlyMap<string, Acquaintance>;
}

/** Meets every member of a roster, under every circle secret of the identity; pairs that are known are kept. */
async function acquaint(
  identity: Identity,
  known: ReadonlyMap<string, Acquaintance> = new Map(),
): Promise<Map<string, Acquaintance>> {
  const met = new Map<string, Acquaintance>();
  for (const member of identity.roster.members) {
    const id = hex(member.keyHash);
    const before = known.get(id)?.pairs ?? [];
    const pairs = identity.secrets.map(
      (secret) =>
        before.find(({ serial }) => serial === secret.serial) ?? derivePair(identity, member, secret),
    );
    met.set(id, { member, pairs: await Promise.all(pairs) });
  }
  return met;
}

/** Derives what an identity from a file shares with its circle. */
export async function openCircle(identity: Identity): Promise<OpenCircle> {
  const current = await acquaint(identity);
  return { identity, fileSerial: identity.roster.serial, current, former: new Map() };
}

/**
 * Opens a served roster update (SPEC.md §16) and makes its roster the one in use. Members that are no longer in it stay as former ones.
 * @param update 131,072 bytes
 * @throws RelayError `roster_stale`, `roster_update_invalid`
 */
export async function withRosterUpdate(circle: OpenCircle, update: Uint8Array): Promise<OpenCircle> {
  const identity = await identityWithRoster(circle.identity, await openRosterUpdate(circle.identity, update));
  const known = new Map([...circle.former, ...circle.current]);
  const current = await acquaint(identity, known);
  const former = new Map([...known].filter(([id]) => !current.has(id)));
  return { identity, fileSerial: circle.fileSerial, current, former };
}

/** Every pair under which blobs are read: of current members, then of former ones. */
export function readingPairs({ current, former }: OpenCircle): Pair[] {
  return [...current.values(), ...former.values()].flatMap(({ pairs }) => pairs);
}

/** The pair under which this member made a blob for `peer` (hexadecimal key hash), or undefined when it did not. */
export async function sendingPair(
  { current, former }: OpenCircle,
  peer: string,
  blobId: Uint8Array,
): Promise<Pair | undefined> {
  for (const pair of (current.get(peer) ?? former.get(peer))?.pairs ?? [])
    if ((await matchBlobId(pair.outgoing, blobId)) !== undefined) return pair;
  return undefined;
}

/** What may be known of a circle outside the vault. */
export async function viewOf({ identity, fileSerial, current, former }: OpenCircle): Promise<CircleView> {
  const { roster, keys } = identity;
  const self = hex(keys.keyHash);
  const see = async (isFormer: boolean, [id, { member }]: [string, Acquaintance]): Promise<MemberView> => {
    const seen = { id, number: member.number, label: member.label, isFormer };
    if (id === self) return seen;
    const { number, code } = await safetyNumberOf(roster.circleId, keys.keyHash, member.keyHash);
    return { ...seen, safetyNumber: number, safetyCode: code };
  };
  const byNumber = (map: ReadonlyMap<string, Acquaintance>) =>
    [...map].toSorted(([, a], [, b]) => a.member.number - b.member.number);
  return {
    circleId: roster.circleId,
    self,
    members: await Promise.all([
      ...byNumber(current).map((entry) => see(false, entry)),
      ...byNumber(former).map((entry) => see(true, entry)),
    ]),
    rosterSerial: roster.serial,
    rosterHash: hex(roster.hash),
    fileSerial,
    storeName: hex(keys.local.name),
  };
}
