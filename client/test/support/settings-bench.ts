/** Settings in a store in memory, sealed by a real vault. */
import type { CborValue } from '@relay/protocol';
import { decodeCbor, encodeCbor, generateCircle, hex, randomBytes, writeIdentityFile } from '@relay/protocol';
import type { VaultClient } from '../../src/crypto/spawn.ts';
import { Vault } from '../../src/crypto/vault.ts';
import type { SettingsParts, SettingsProblem } from '../../src/state/settings/settings-keeper.ts';
import { SettingsKeeper } from '../../src/state/settings/settings-keeper.ts';
import { turnTaker } from '../../src/state/turns.ts';
import { memoryLocalStore } from '../../src/storage/local-store.ts';
import { TestClock } from './clock.ts';

/** Hexadecimal key hashes of two members. */
export const [ADA, BOB] = ['a1', 'b2'].map((byte) => byte.repeat(32)) as [string, string];
/** Stands for what the relay served; its content is of no matter here. */
export const UPDATE = new Uint8Array(131_072).fill(7);
/** Some record's hash, hexadecimal. */
export const anyHash = () => hex(randomBytes(32));
/** Longer than anything that is waited for takes. */
export const SOON = { timeout: 10_000 };

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
