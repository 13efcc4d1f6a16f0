/** Settings in a store in memory, sealed by a real vault. */
import type { CborValue } from '@relay/protocol';
import { decodeCbor, encodeCbor, generateCircle, writeIdentityFile } from '@relay/protocol';
import type { VaultClient } from '../../src/crypto/spawn.ts';
import { Vault } from '../../src/crypto/vault.ts';
import type { SettingsParts, SettingsProblem } from '../../src/state/settings/settings-keeper.ts';
import { SettingsKeeper } from '../../src/state/settings/settings-keeper.ts';
import { turnTaker } from '../../src/state/turns.ts';
import { memoryLocalStore } from '../../src/storage/local-store.ts';
import { TestClock } from './clock.ts';

/** The vault of some member. */
export async function anyVault(): Promise<VaultClient> {
  const { identities } = await generateCircle(['Ada', 'Bob']);
  const vault = new Vault();
  await vault.open(await writeIdentityFile(identities[0] as (typeof identities)[0]));
  return vault as unknown as VaultClient;
}

/** A machine on which nothing is kept yet. */
export function settingsBench(vault: VaultClient) {
  const store = memoryLocalStore();
  const clock = new TestClock();
  const problems: SettingsProblem[] = [];
  const seen = { changes: 0 };
  const exclusively: SettingsParts['exclusively'] = turnTaker();
  return {
    store,
    clock,
    problems,
    seen,
    /** Opens a window. */
    load: (parts: Partial<SettingsParts> = {}) =>
      SettingsKeeper.load({
        store,
        vault,
        exclusively,
        now: clock.now,
        after: clock.after,
        report: (problem) => problems.push(problem),
        changed: () => {
          seen.changes++;
        },
        ...parts,
      }),
    /** What is kept now, in the clear. */
    async kept(): Promise<Record<string, unknown> | undefined> {
      const sealed = await store.setting('settings');
      return sealed && (decodeCbor(await vault.openLocal(sealed)) as Record<string, unknown>);
    },
    /** Keeps a document as it is given. */
    async keep(document: CborValue): Promise<void> {
      await store.setSetting('settings', await vault.sealLocal(encodeCbor(document)));
    },
  };
}
