import { SIGNAL_BURST, SIGNALS_PER_SECOND, TURN_REFILL_SECONDS } from '@relay/protocol/wire';
import type { Config } from '../config.ts';
import type { Now } from '../time.ts';
import type { OpenAccount } from './accounts.ts';
import { createAccounts } from './accounts.ts';
import { createAddressOf } from './address.ts';
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
  | 'socketsPerMember'
  | 'roomsPerMember'
  | 'signalsPerSecond'
  | 'turnCredentialsAtOnce'
>;

/** Every limit of a relay process that counts in memory. */
export interface Limits {
  accounts: OpenAccount;
  /** Of each member: requests, and events on a socket that ask the database. */
  members: Limiter;
  /** Of each mailbox: blobs that arrive. */
  mailboxes: Limiter;
  /** Of each member: units of signals. */
  signals: Limiter;
  /** Of each member: credentials for the TURN server. */
  turn: Limiter;
  sockets: Shares;
  rooms: Shares;
}

/**
 * Makes the limits of one process: its share of each, where there are several.
 * @param secret 32 random bytes that die with the process, for names of addresses
 */
export function createLimits(settings: LimitSettings, secret: Uint8Array, now: Now): Limits {
  const { relayProcesses: processes } = settings;
  const rate = (most: number) => createLimiter(perMinute(most, processes), now);
  const share = (most: number) => Math.ceil(most / processes);
  const members = rate(settings.memberRequestsPerMinute);
  return {
    accounts: createAccounts({
      addressOf: createAddressOf(secret, settings.trustedProxies),
      addresses: rate(settings.addressRequestsPerMinute),
      members,
    }),
    members,
    mailboxes: rate(settings.mailboxBlobsPerMinute),
    // Rooms and signals are in one process by nature (decision 0014).
    signals: createLimiter(
      {
        burst: Math.ceil((settings.signalsPerSecond * SIGNAL_BURST) / SIGNALS_PER_SECOND),
        refillSeconds: 1 / settings.signalsPerSecond,
      },
      now,
    ),
    turn: createLimiter(
      { burst: share(settings.turnCredentialsAtOnce), refillSeconds: TURN_REFILL_SECONDS * processes },
      now,
    ),
    sockets: createShares(
      share(settings.socketsPerMember),
      'Too many windows are connected as this member. Close some of them first.',
    ),
    rooms: createShares(
      settings.roomsPerMember,
      'This member is in too many calls. Leave one of them first.',
    ),
  };
}
