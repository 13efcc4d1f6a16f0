/** The client without its face, for programs in Node: the same code, with the vault in the same process. */
import type { VaultClient } from './crypto/spawn.ts';
import { Vault } from './crypto/vault.ts';
import type { Messenger, MessengerConfig, MessengerParts } from './state/messenger.ts';
import { createMessenger } from './state/messenger.ts';
import { memoryLocalStore } from './storage/local-store.ts';

export type { Messenger } from './state/messenger.ts';
export type { AppState, Conversation } from './state/model.ts';
export type { LocalStore } from './storage/local-store.ts';
export { memoryLocalStore } from './storage/local-store.ts';
export { RelayHttp } from './transport/http.ts';

/**
 * Makes a client for one identity; `start()` opens it and connects.
 * @param identity the content of an identity file without passphrase
 * @param parts what differs from the usual: an outbox in memory, the machine's clock, no other window
 */
export function createHeadlessMessenger(
  config: MessengerConfig,
  identity: Uint8Array,
  parts: Partial<MessengerParts> = {},
): Messenger {
  const store = memoryLocalStore();
  return createMessenger(config, {
    vault: new Vault() as unknown as VaultClient,
    openStore: async () => store,
    ownIdentity: async () => identity.slice(),
    exclusively: (_name, work) => work(),
    now: () => Date.now(),
    ...parts,
  });
}
