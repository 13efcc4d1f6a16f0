import { SIGNAL_BURST, SIGNALS_PER_SECOND, TURN_REFILL_SECONDS } from '@relay/protocol/wire';
import type { Config } from '../config.ts';
import type { Now } from '../time.ts';
import type { OpenAccount } from './accounts.ts';
import { createAccounts } from './accounts.ts';
import type { AddressOf } from './address.ts';
import { createAddressOf } from './address.ts';
import { createKnownSessions } from './known-sessions.ts';
import { createLatelyRefused } from './lately-refused.ts';
import type { Limiter } from './limiter.ts';
import { createLimiter, perMinute } from './limiter.ts';
import type { Shares } from './shares.ts';
import { createShares } from './shares.ts';

/** The settings that limits come from. */
export type LimitSettings = Pick<
  Config,
  | 'relayProcesses'
  | 'trustedProxies'
  | 'addressRequestsPerMinute'
  | 'memberRequestsPerMinute'
  | 'mailboxBlobsPerMinute'
  | 'megabytesPerSecond'
  | 'socketsPerMember'
  | 'roomsPerMember'
  | 'signalsPerSecond'
  | 'turnCredentialsAtOnce'
>;

/**
 * Requests under way, of each member and of each address for what proves none. Those of one address may be the whole circle's: of an onion service
 * or of a proxy that is not trusted.
 */
const UNDER_WAY = 256;

/** Sockets of one address that have shown no session yet: each may take ten seconds for it, and a circle comes back at once after an outage. */
const OPEN_HANDSHAKES = 128;

/** Sockets over these bounds that are told so, in all: they cost what a socket costs, so that those beyond are refused without a word. */
const TOLD_HANDSHAKES = 64;

/** Traffic that one has at once, in seconds of what it has in each. */
const TRAFFIC_BURST = 1;
const MEGABYTE = 1_000_000;

/** Requests that one gets an answer to as soon as it can be; what is over that waits its turn. */
const TURNS_AT_ONCE = 30;
/** Turns that one gets in a second, at least: as many as an address may ask for all the time. */
const TURNS_PER_SECOND = 10;

/** Packets for each unit of signals: one tells of it, and some more are answers and signs of life. */
const PACKETS_PER_UNIT = 2;

/** Every limit of a relay process that counts in memory. */
export interface Limits {
  accounts: OpenAccount;
  /** Of each member: requests, and events on a socket that ask the database. */
  members: Limiter;
  /** Of each mailbox: blobs that arrive. */
  mailboxes: Limiter;
  /** Of each member: units of signals. */
  signals: Limiter;
  /** Of each member: packets on its sockets, each as many as it has pieces of 4 KiB; what is too much is read later. */
  packets: Limiter;
  /** Of each member: credentials for the TURN server. */
  turn: Limiter;
  sockets: Shares;
  rooms: Shares;
  addressOf: AddressOf;
  handshakes: {
    /** Of each address: connections of sockets that begin. */
    rate: Limiter;
    /** Of each address: those that have shown no session yet. */
    open: Shares;
    /** Of all together: those over one of these that are told so. */
    told: Shares;
  };
}

/**
 * Makes the limits of one process: its share of each, where there are several.
 * @param secret 32 random bytes that die with the process, for names of addresses
 */
export function createLimits(settings: LimitSettings, secret: Uint8Array, now: Now): Limits {
  const { relayProcesses: processes } = settings;
  const rate = (most: number) => createLimiter(perMinute(most, processes), now);
  const share = (most: number) => Math.ceil(most / processes);
  const traffic = (settings.megabytesPerSecond * MEGABYTE) / processes;
  const turnsPerSecond = Math.max(TURNS_PER_SECOND, settings.addressRequestsPerMinute / 60);
  // Rooms and signals are in one process by nature (decision 0014).
  const signals = {
    burst: Math.ceil((settings.signalsPerSecond * SIGNAL_BURST) / SIGNALS_PER_SECOND),
    refillSeconds: 1 / settings.signalsPerSecond,
  };
  const members = rate(settings.memberRequestsPerMinute);
  const addressOf = createAddressOf(secret, settings.trustedProxies);
  return {
    addressOf,
    // All sockets are in one process, where rooms are (decision 0014): it has these as a whole.
    handshakes: {
      rate: createLimiter(perMinute(settings.addressRequestsPerMinute, 1), now),
      open: createShares(OPEN_HANDSHAKES, 'Too many sockets begin here. Wait a moment.', 1),
      told: createShares(TOLD_HANDSHAKES, 'Too many sockets begin.', 1),
    },
    accounts: createAccounts({
      addressOf,
      addresses: rate(settings.addressRequestsPerMinute),
      members,
      refused: createLatelyRefused(now),
      traffic: createLimiter({ burst: TRAFFIC_BURST * traffic, refillSeconds: 1 / traffic }, now),
      known: createKnownSessions(),
      underWay: createShares(
        share(UNDER_WAY),
        'Too many requests are under way. Wait for their answers first.',
        1,
      ),
      turns: createLimiter({ burst: share(TURNS_AT_ONCE), refillSeconds: processes / turnsPerSecond }, now),
    }),
    members,
    mailboxes: rate(settings.mailboxBlobsPerMinute),
    signals: createLimiter(signals, now),
    packets: createLimiter(
      {
        burst: PACKETS_PER_UNIT * signals.burst,
        refillSeconds: signals.refillSeconds / PACKETS_PER_UNIT,
      },
      now,
    ),
    turn: createLimiter(
      { burst: share(settings.turnCredentialsAtOnce), refillSeconds: TURN_REFILL_SECONDS * processes },
      now,
    ),
    sockets: createShares(
      settings.socketsPerMember,
      'Too many windows are connected as this member. Close some of them first.',
    ),
    rooms: createShares(
      settings.roomsPerMember,
      'This member is in too many calls. Leave one of them first.',
    ),
  };
}
