import type { Remote } from 'comlink';
import { wrap } from 'comlink';
import { keepErrorCodes } from './error-transfer.ts';
import type { Vault } from './vault.ts';
import { endingWithWorker } from './worker-loss.ts';

/** The vault as the rest of the client sees it: every operation a promise. */
export type VaultClient = {
  [K in keyof Vault]: (...args: Parameters<Vault[K]>) => Promise<Awaited<ReturnType<Vault[K]>>>;
};

/** Starts a vault in a worker of its own, so that sealing never blocks the page. When the worker is lost, its calls reject. */
export function spawnVault(): VaultClient {
  keepErrorCodes();
  const worker = new Worker(new URL('./vault-worker.ts', import.meta.url), { type: 'module', name: 'vault' });
  const remote: Remote<Vault> = wrap<Vault>(worker);
  return endingWithWorker(remote as unknown as VaultClient, (lose) => worker.addEventListener('error', lose));
}
