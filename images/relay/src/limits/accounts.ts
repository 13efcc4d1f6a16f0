import type { IncomingMessage } from 'node:http';
import { hex } from '@relay/protocol/wire';
import type { AddressOf } from './address.ts';
import type { Limiter } from './limiter.ts';

/** Who pays for one request: first the address it comes from, then the member whose session it proves, or nobody but its ticket. */
export interface Account {
  /**
   * A session was proven: its member (key hash, 32 bytes) pays from now on, and the address gets its turn back.
   * @throws RelayError `rate_limited`
   */
  chargeMember(keyHash: Uint8Array): void;
  /**
   * Something that is limited by itself was proven, such as a ticket: the address gets its turn back.
   */
  waive(): void;
  /**
   * Takes more turns of whoever pays, for what costs more than others.
   * @throws RelayError `rate_limited`
   */
  chargeMore(turns: number): void;
}

/**
 * Opens the account of a request.
 * @throws RelayError `rate_limited` when its address has had too many that proved nothing
 */
export type OpenAccount = (request: IncomingMessage) => Account;

/** What the accounts need. */
export interface AccountParts {
  addressOf: AddressOf;
  addresses: Limiter;
  members: Limiter;
}

/** Makes accounts. Neither an address nor a key is kept in an account for longer than its request. */
export function createAccounts({ addressOf, addresses, members }: AccountParts): OpenAccount {
  return (request) => {
    const address = addressOf(request);
    addresses.take(address);
    let isAddressCharged = true;
    let member: string | undefined;
    const waive = () => {
      if (isAddressCharged) addresses.giveBack(address);
      isAddressCharged = false;
    };
    return {
      chargeMember(keyHash) {
        waive();
        member = hex(keyHash);
        members.take(member);
      },
      waive,
      chargeMore(turns) {
        if (member === undefined) addresses.take(address, turns);
        else members.take(member, turns);
      },
    };
  };
}
