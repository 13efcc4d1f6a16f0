import { encodeCbor, randomBytes } from '@relay/protocol';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VaultClient } from '../src/crypto/spawn.ts';
import { EMPTY_DOCUMENT } from '../src/state/settings/setting-document.ts';
import { HOUR, NOW } from './support/records.ts';
import { ADA, anyVault, BOB, settingsBench } from './support/settings-bench.ts';

const NOW_HOUR = Math.floor(NOW / HOUR);

describe('the settings', () => {
  let vault: VaultClient;
  let bench: ReturnType<typeof settingsBench>;
  beforeAll(async () => {
    vault = await anyVault();
  });
  beforeEach(() => {
    bench = settingsBench(vault);
  });

  it('ignore a damaged document, say so, and leave it until something is changed', async () => {
    const { keep, kept, load, problems, store } = bench;
    await keep({ settings: { theme: 'pink' } });
    const before = await store.setting('settings');
    const keeper = await load();
    expect([keeper.settings.theme, problems]).toEqual(['system', [{ kind: 'damaged' }]]);
    keeper.seen(NOW);
    await keeper.stop();
    expect(await store.setting('settings')).toEqual(before);
    keeper.setNickname(ADA, 'Countess');
    await keeper.stop();
    expect((await load()).nickname(ADA)).toBe('Countess');
    keeper.seen(NOW);
    await keeper.stop();
    expect(await kept()).toMatchObject({ seenHour: NOW_HOUR });
  });

  it.each([
    ['another member’s', async () => randomBytes(200)],
    ['cut', async () => (await vault.sealLocal(encodeCbor({ settings: {} }))).slice(0, 20)],
    ['not CBOR', async () => vault.sealLocal(Uint8Array.of(0xff))],
    [
      'a forbidden nickname',
      async () =>
        vault.sealLocal(
          encodeCbor({
            settings: { theme: 'dark', keepOnDevice: true },
            nicknames: [[randomBytes(32), 'a\u202eb']],
          }),
        ),
    ],
  ])('ignore a document that is %s', async (_what, make) => {
    const { load, problems, store } = bench;
    await store.setSetting('settings', await make());
    expect((await load()).settings).toEqual(EMPTY_DOCUMENT.settings);
    expect(problems).toEqual([{ kind: 'damaged' }]);
  });

  it('report keys that they do not know, and keep them out', async () => {
    const { keep, kept, load, problems } = bench;
    await keep({ settings: { theme: 'dark', keepOnDevice: true, sound: 'loud' }, drafts: ['x'] });
    const keeper = await load();
    expect(keeper.settings).toEqual({ ...EMPTY_DOCUMENT.settings, theme: 'dark' });
    expect(problems).toEqual([{ kind: 'unknown', keys: ['drafts', 'settings.sound'] }]);
    keeper.setVerified(ADA, true);
    await keeper.stop();
    expect(JSON.stringify(await kept())).not.toMatch(/drafts|sound/);
  });

  it('go on without a store that fails, and write what is missing when it works again', async () => {
    const { load, problems, store } = bench;
    let isAway = true;
    const failing = {
      setting: (name: string) => (isAway ? Promise.reject(new Error('away')) : store.setting(name)),
      setSetting: store.setSetting,
    };
    const keeper = await load({ store: failing });
    keeper.setNickname(ADA, 'Countess');
    await keeper.stop();
    expect([keeper.nickname(ADA), problems]).toEqual([
      'Countess',
      [{ kind: 'unavailable' }, { kind: 'unavailable' }],
    ]);
    isAway = false;
    keeper.setVerified(BOB, true);
    await keeper.stop();
    expect((await load()).nickname(ADA)).toBe('Countess');
  });
});
