/** Roster updates: 131,072 bytes that tell the relay nothing (SPEC.md §16). */
import type { Identity } from './identity.ts';
import { publicKeysOf } from './keys.ts';
import type { Roster } from './roster.ts';
import { circleSecretHash, openRoster } from './roster.ts';
import { platformHpke } from './sealing.ts';
import { decryptOnce, encryptOnce } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { allZero, concat, equalBytes, lp, readU32, u32 } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { HASH_BYTES, MAX_MEMBERS, ROSTER_UPDATE_BYTES } from './wire/limits.ts';
import { randomBytes } from './wire/primitives.ts';

const ENC_BYTES = 1_120;
const SLOT_BYTES = ENC_BYTES + 2 * HASH_BYTES + 16;
const SLOTS_BYTES = MAX_MEMBERS * SLOT_BYTES;
const PADDED_BYTES = ROSTER_UPDATE_BYTES - SLOTS_BYTES - 16;

/** An accepted update. */
export interface RosterUpdate {
  roster: Roster;
  /** The new circle secret, 32 bytes. */
  circleSecret: Bytes;
}

const slotInfo = (circleId: Uint8Array) => lp('relay/1 roster slot', circleId);

/** `list` in random order, every order equally likely. */
function shuffled<T>(list: readonly T[]): T[] {
  const keyed = list.map((item) => ({ item, key: randomBytes(16) }));
  return keyed.toSorted((a, b) => (a.key.toString() < b.key.toString() ? -1 : 1)).map(({ item }) => item);
}

/**
 * Seals a new roster and circle secret to every member of that roster.
 * @param signedRoster from `signRoster`
 * @param circleSecret the new one, 32 bytes, to which the roster commits
 * @throws RelayError `roster_invalid`
 */
export async function sealRosterUpdate(signedRoster: Uint8Array, circleSecret: Uint8Array): Promise<Bytes> {
  const roster = await openRoster(signedRoster);
  const hpke = await platformHpke();
  const contentKey = randomBytes(HASH_BYTES);
  const slots = await Promise.all(
    roster.members.map(async ({ bundle }) => {
      const key = await hpke.deserializePublicKey(publicKeysOf(bundle).sealing.slice());
      const { enc, ct } = await hpke.seal(key, slotInfo(roster.circleId), concat(contentKey, circleSecret));
      return concat(enc, ct);
    }),
  );
  while (slots.length < MAX_MEMBERS) slots.push(randomBytes(SLOT_BYTES));
  const head = concat(...shuffled(slots));
  const padded = new Uint8Array(PADDED_BYTES);
  padded.set(concat(u32(signedRoster.length), signedRoster));
  return concat(head, await encryptOnce(contentKey, padded, head));
}

async function openSlot(identity: Identity, slot: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    const sealed = { enc: slot.slice(0, ENC_BYTES), ct: slot.slice(ENC_BYTES) };
    return await (await platformHpke()).open(
      identity.keys.sealing,
      slotInfo(identity.roster.circleId),
      sealed,
    );
  } catch {
    return undefined;
  }
}

async function openWith(identity: Identity, secrets: Uint8Array, update: Uint8Array): Promise<RosterUpdate> {
  const circleSecret = secrets.slice(HASH_BYTES);
  const padded = await decryptOnce(
    secrets.subarray(0, HASH_BYTES),
    update.subarray(SLOTS_BYTES),
    update.subarray(0, SLOTS_BYTES),
  );
  const end = 4 + readU32(padded);
  if (end > padded.length || !allZero(padded.subarray(end))) throw new RelayError('roster_update_invalid');
  const roster = await openRoster(padded.subarray(4, end));
  const own = roster.members.find(({ number }) => number === identity.member.number);
  const fits =
    equalBytes(roster.circlePublicKey, identity.roster.circlePublicKey) &&
    own !== undefined &&
    equalBytes(own.bundle, identity.keys.bundle) &&
    equalBytes(await circleSecretHash(circleSecret), roster.secretHash);
  if (!fits) throw new RelayError('roster_update_invalid');
  return { roster, circleSecret };
}

/**
 * Opens an update that the relay served.
 * @throws RelayError `roster_update_invalid` when it was not made for this member by its circle, `roster_stale` when its serial is
 * not higher than the identity's
 */
export async function openRosterUpdate(identity: Identity, update: Uint8Array): Promise<RosterUpdate> {
  if (update.length !== ROSTER_UPDATE_BYTES) throw new RelayError('roster_update_invalid');
  for (let i = 0; i < MAX_MEMBERS; i++) {
    const secrets = await openSlot(identity, update.subarray(i * SLOT_BYTES, (i + 1) * SLOT_BYTES));
    if (secrets === undefined) continue;
    let opened: RosterUpdate;
    try {
      opened = await openWith(identity, secrets, update);
    } catch (cause) {
      throw new RelayError('roster_update_invalid', undefined, { cause });
    }
    if (opened.roster.serial <= identity.roster.serial) throw new RelayError('roster_stale');
    return opened;
  }
  throw new RelayError('roster_update_invalid');
}
