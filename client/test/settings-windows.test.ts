import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VaultClient } from '../src/crypto/spawn.ts';
import { EMPTY_DOCUMENT } from '../src/state/settings/setting-document.ts';
import { ADA, anyHash, anyVault, BOB, SOON, settingsBench, UPDATE } from './support/settings-bench.ts';

describe('the settings', () => {
  let vault: VaultClient;
  let bench: ReturnType<typeof settingsBench>;
  beforeAll(async () => {
    vault = await anyVault();
  });
  beforeEach(() => {
    bench = settingsBench(vault);
  });

  it('keep nothing but the choice to keep nothing, from that very moment', async () => {
    const { kept, load } = bench;
    const keeper = await load();
    keeper.setNickname(ADA, 'Countess');
    keeper.change({ theme: 'dark', readReceipts: true });
    keeper.setRosterUpdate(UPDATE);
    await keeper.stop();
    keeper.change({ keepOnDevice: false });
    await expect.poll(kept, SOON).toEqual({ settings: { theme: 'dark', keepOnDevice: false } });
    keeper.setNickname(BOB, 'Bobby');
    keeper.addRead([anyHash()]);
    await keeper.stop();
    expect(await kept()).toEqual({ settings: { theme: 'dark', keepOnDevice: false } });
    expect([keeper.nickname(ADA), keeper.nickname(BOB), keeper.settings.readReceipts]).toEqual([
      'Countess',
      'Bobby',
      true,
    ]);
    const again = await load();
    expect([again.nickname(ADA), again.settings]).toEqual([
      undefined,
      { ...EMPTY_DOCUMENT.settings, theme: 'dark', keepOnDevice: false },
    ]);
    keeper.change({ keepOnDevice: true });
    await keeper.stop();
    expect((await load()).nickname(BOB)).toBe('Bobby');
  });

  it('of several windows lose nothing to each other', async () => {
    const { load } = bench;
    const [one, two] = await Promise.all([load(), load()]);
    one.setNickname(ADA, 'Countess');
    two.setNickname(BOB, 'Bobby');
    two.setVerified(ADA, true);
    await Promise.all([one.stop(), two.stop()]);
    const third = await load();
    expect([third.nickname(ADA), third.nickname(BOB), third.isVerified(ADA)]).toEqual([
      'Countess',
      'Bobby',
      true,
    ]);
    one.change({ theme: 'dark' });
    await one.stop();
    expect([one.nickname(BOB), one.isVerified(ADA)]).toEqual(['Bobby', true]);
    expect((await load()).nickname(BOB)).toBe('Bobby');
  });

  it('keep nothing in any window when one of them says so', async () => {
    const { kept, load } = bench;
    const [one, two] = await Promise.all([load(), load()]);
    one.change({ keepOnDevice: false });
    await one.stop();
    two.setNickname(BOB, 'Bobby');
    await two.stop();
    expect(await kept()).toEqual({ settings: { theme: 'system', keepOnDevice: false } });
    expect([two.settings.keepOnDevice, two.nickname(BOB)]).toEqual([false, 'Bobby']);
  });

  it('are not brought back by a window that remembers what another one removed', async () => {
    const { kept, load } = bench;
    const [one, two] = await Promise.all([load(), load()]);
    one.setNickname(ADA, 'Countess');
    await one.stop();
    two.setVerified(BOB, true);
    await two.stop();
    await one.forget();
    expect(await kept()).toBeUndefined();
    two.setNickname(BOB, 'Bobby');
    await two.stop();
    expect((await load()).nickname(ADA)).toBeUndefined();
    one.setNickname(ADA, 'again');
    await one.stop();
    expect([one.nickname(ADA), (await load()).nickname(ADA)]).toEqual([undefined, undefined]);
  });

  it('are forgotten also when that is asked for in the middle of a write', async () => {
    const { kept, load, store } = bench;
    let forgetting: Promise<void> | undefined;
    const slow = {
      ...store,
      setSetting: (name: string, sealed: Uint8Array | undefined) => {
        forgetting ??= keeper.forget();
        return store.setSetting(name, sealed);
      },
    };
    const keeper = await load({ store: slow });
    keeper.setNickname(ADA, 'Countess');
    await keeper.stop();
    await forgetting;
    expect([await kept(), keeper.nickname(ADA)]).toEqual([undefined, undefined]);
  });

  it('are forgotten also while they are being written', async () => {
    const { kept, load } = bench;
    const keeper = await load();
    keeper.setNickname(ADA, 'Countess');
    const writing = keeper.stop();
    await Promise.all([keeper.forget(), writing]);
    expect([await kept(), keeper.nickname(ADA), keeper.settings]).toEqual([
      undefined,
      undefined,
      EMPTY_DOCUMENT.settings,
    ]);
  });
});
