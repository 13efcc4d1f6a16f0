import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { hex, RelayError } from '@relay/protocol/wire';
import type { AddressOf } from './address.ts';
import type { KnownSessions } from './known-sessions.ts';
import type { LatelyRefused } from './lately-refused.ts';
import type { Limiter } from './limiter.ts';
import type { Payer } from './payer.ts';
import { addressPayer, memberPayer } from './payer.ts';
import type { Shares } from './shares.ts';

/**
 * Who pays for one request: the member of a session that was proven here before; else first the address it comes from, then the member whose session it
 * proves, or nobody but its ticket.
 */
export interface Account extends Payer {
  /**
   * A session is about to be looked up: one that was told to wait is told so again, at no cost to its address.
   * @param token 32 bytes
   * @throws RelayError `rate_limited`
   */
  recall(token: Uint8Array): void;
  /**
   * A session was proven: its member (key hash, 32 bytes) pays from now on, and the address gets its turn back.
   * @param token that of the session, 32 bytes; what it is told is remembered, where it is given
   * @throws RelayError `rate_limited`
   */
  chargeMember(keyHash: Uint8Array, token?: Uint8Array): void;
  /** A session (token, 32 bytes) does not hold any more: from now on it is nobody's, and its address pays. */
  disown(token: Uint8Array): void;
  /**
   * Something that is limited by itself was proven, such as a ticket: the address gets its turn back.
   */
  waive(): void;
  /**
   * Takes more turns of whoever pays, for what costs more than others.
   * @throws RelayError `rate_limited`
   */
  chargeMore(turns: number): void;
  /**
   * Waits for turns: whoever asks for much at once gets it one after the other, whether others are there or not, so that nobody learns that from it. They are
   * given back where the request turns out to be paid for otherwise.
   * @param turns 1 for what costs little
   * @param gone fires when nobody waits for them any more: they are given back, and its reason is thrown
   * @throws RelayError `rate_limited` when the wait would be longer than anybody should be kept
   */
  turn(turns?: number, gone?: AbortSignal): Promise<void>;
  /**
   * Lets bytes of blobs go, no faster than whoever pays may: resolves when it is their time. What is over meanwhile waits no longer.
   * @param gone fires when nobody waits for them any more
   */
  pace(bytes: number, gone?: AbortSignal): Promise<void>;
  /** The request is over: what it held while it was under way is given back. Calling it again changes nothing. */
  close(): void;
}

/**
 * Opens the account of a request.
 * @param token of the session that it shows, 32 bytes, where it shows one
 * @throws RelayError `rate_limited` when whoever pays has had too many, or has too many under way: the member of a session that was proven here
 * before, else the address
 */
export type OpenAccount = (request: IncomingMessage, token?: Uint8Array) => Account;

/** A turn is waited for so long at most, in milliseconds. */
const MOST_WAIT_MS = 10_000;

/** What the accounts need. */
export interface AccountParts {
  addressOf: AddressOf;
  addresses: Limiter;
  members: Limiter;
  refused: LatelyRefused;
  known: KnownSessions;
  /** Bytes of blobs, up and down, of each member and each address. */
  traffic: Limiter;
  /** Requests under way, of each address and of each member. */
  underWay: Shares;
  /** Turns that each waits for. */
  turns: Pick<Limiter, 'owe' | 'giveBack'>;
}

/** Makes accounts. Neither an address nor a key is kept in an account for longer than its request. */
export function createAccounts({
  addressOf,
  addresses,
  members,
  refused,
  known,
  traffic,
  underWay,
  turns,
}: AccountParts): OpenAccount {
  return (request, shown) => {
    const address = addressOf(request);
    const owner = shown && known.memberOf(shown);
    let member = owner && hex(owner);
    let isAddressCharged = member === undefined;
    // Whatever a session is shown for is its member's, also where nobody asks for one.
    if (member === undefined) addresses.take(address);
    else members.take(member);
    let payer = owner === undefined ? addressPayer(address) : memberPayer(owner);
    let close = underWay.take(payer);
    let waitedFor = 0;
    const waive = () => {
      if (isAddressCharged) addresses.giveBack(address);
      isAddressCharged = false;
      turns.giveBack(payer, waitedFor);
      waitedFor = 0;
    };
    return {
      get payer() {
        return payer;
      },
      recall(token) {
        try {
          refused.check(token);
        } catch (thrown) {
          waive();
          throw thrown;
        }
      },
      chargeMember(keyHash, token) {
        if (member === hex(keyHash)) return;
        waive();
        member = hex(keyHash);
        try {
          members.take(member);
        } catch (thrown) {
          if (token !== undefined) refused.note(token, thrown);
          throw thrown;
        }
        if (token !== undefined) known.note(token, keyHash);
        const next = memberPayer(keyHash);
        const release = underWay.take(next);
        close();
        [payer, close] = [next, release];
      },
      disown: (token) => known.forget(token),
      waive,
      chargeMore(turns) {
        if (member === undefined) addresses.take(address, turns);
        else members.take(member, turns);
      },
      async turn(more = 1, gone) {
        const who = payer;
        const ms = turns.owe(who, more);
        try {
          if (ms > MOST_WAIT_MS)
            throw new RelayError('rate_limited', undefined, { retryAfter: Math.ceil(ms / 1000) });
          await wait(ms, gone);
        } catch (left) {
          turns.giveBack(who, more);
          throw left;
        }
        waitedFor += more;
      },
      pace: (bytes, gone) => wait(traffic.owe(payer, bytes), gone),
      close: () => close(),
    };
  };
}

async function wait(ms: number, gone?: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, gone && { signal: gone });
}
