import { AsyncLocalStorage } from 'node:async_hooks';
import { hex } from '@relay/protocol/wire';

/** Somebody for whom the relay works. Who that is may become known only while it does. */
export interface Payer {
  /** Names it in this process: an address at first, a member once one was proven. */
  readonly payer: string;
}

/** The name of an address in this process, as whoever pays. */
export function addressPayer(address: string): string {
  return `address ${address}`;
}

/** A member (key hash, 32 bytes) as whoever pays. */
export function memberPayer(keyHash: Uint8Array): string {
  return `member ${hex(keyHash)}`;
}

const payers = new AsyncLocalStorage<Payer>();

/** Does something for somebody: whatever it waits for, it waits for as them. */
export function workFor<T>(payer: Payer, work: () => T): T {
  return payers.run(payer, work);
}

/** For whom the calling code works; undefined for the relay's own work. */
export function currentPayer(): string | undefined {
  return payers.getStore()?.payer;
}
