import type { Remote } from 'comlink';
import { wrap } from 'comlink';
import { keepErrorCodes } from './error-transfer.ts';
import type { Vault } from './vault.ts';
import { poolOf } from './vault-pool.ts';
import { endingWithWorker } from './worker-loss.ts';

/** The vault as the rest of the client sees it: every operation a promise. */
export type VaultClient = {
  [K in keyof Vault]: (...args: Parameters<Vault[K]>) => Promise<Awaited<ReturnType<Vault[K]>>>;
};

/** Most workers: each holds the keys and costs memory. */
const MOST = 4;

function spawnOne(): VaultClient {
  const worker = new Worker(new URL('./vault-worker.ts', import.meta.url), { type: 'module', name: 'vault' });
  const remote: Remote<Vault> = wrap<Vault>(worker);
  return endingWithWorker(remote as unknown as VaultClient, (lose) => worker.addEventListener('error', lose));
}

/** Starts a vault in workers of its own, so that sealing never blocks the page. When one is lost, its calls reject. */
export function spawnVault(): VaultClient {
  keepErrorCodes();
  const count = Math.min(MOST, Math.max(2, navigator.hardwareConcurrency - 1));
  return poolOf([spawnOne(), ...Array.from({ length: count - 1 }, spawnOne)]);
}
