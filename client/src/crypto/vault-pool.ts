/** Several vaults that hold the same identity, so that what takes long for one blob is done for several at once. */
import type { VaultClient } from './spawn.ts';

/** Work that changes what a vault holds: every vault does it. */
const EVERYWHERE: readonly PropertyKey[] = ['open', 'close', 'acceptRoster'];
/** Work on one blob, of which often much comes at once: whoever has least to do does it. */
const ANYWHERE: readonly PropertyKey[] = ['openMessage', 'seal'];

type Call = (...args: unknown[]) => Promise<unknown>;

/** Makes one vault of several; what lasts over several requests (files, rooms) stays with the first. */
export function poolOf(vaults: readonly [VaultClient, ...VaultClient[]]): VaultClient {
  const [first] = vaults;
  const busy = new Map<VaultClient, number>(vaults.map((vault) => [vault, 0]));
  const callOf = (vault: VaultClient, name: PropertyKey): Call =>
    Reflect.get(vault, name).bind(vault) as Call;

  const everywhere = async (name: PropertyKey, args: unknown[]) => {
    const results = await Promise.all(vaults.map((vault) => callOf(vault, name)(...args)));
    return results[0];
  };
  const anywhere = async (name: PropertyKey, args: unknown[]) => {
    const idlest = vaults.reduce((least, vault) =>
      (busy.get(vault) ?? 0) < (busy.get(least) ?? 0) ? vault : least,
    );
    busy.set(idlest, (busy.get(idlest) ?? 0) + 1);
    try {
      return await callOf(idlest, name)(...args);
    } finally {
      busy.set(idlest, (busy.get(idlest) ?? 0) - 1);
    }
  };

  return new Proxy(first, {
    get(_target, name) {
      if (name === 'then') return undefined;
      if (EVERYWHERE.includes(name)) return (...args: unknown[]) => everywhere(name, args);
      if (ANYWHERE.includes(name)) return (...args: unknown[]) => anywhere(name, args);
      return callOf(first, name);
    },
  });
}
