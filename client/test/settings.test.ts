import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VaultClient } from '../src/crypto/spawn.ts';
import { EMPTY_DOCUMENT } from '../src/state/settings/setting-document.ts';
import { readMark } from '../src/state/settings/settings-keeper.ts';
import { HOUR, NOW } from './support/records.ts';
import { ADA, anyHash, anyVault, BOB, SOON, settingsBench, UPDATE } from './support/settings-bench.ts';

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

  it('are as at first where nothing is kept, and write nothing by themselves', async () => {
    const { kept, load, problems } = bench;
    const keeper = await load();
    expect(keeper.settings).toEqual(EMPTY_DOCUMENT.settings);
    expect([keeper.nickname(ADA), keeper.isVerified(ADA), keeper.readMarks().size]).toEqual([
      undefined,
      false,
      0,
    ]);
    expect([keeper.rosterUpdate, keeper.news, keeper.absentSince]).toEqual([undefined, undefined, undefined]);
    await keeper.stop();
    expect([await kept(), problems, keeper.isKnown]).toEqual([undefined, [], false]);
  });

  it('survive a reload, sealed', async () => {
    const { load, problems, store } = bench;
    const keeper = await load();
    const read = anyHash();
    const news = { serial: 2, before: [{ id: ADA, number: 1, label: 'Ada' }] };
    keeper.change({ theme: 'dark', readReceipts: true });
    keeper.setNickname(ADA, 'Countess');
    keeper.setVerified(ADA, true);
    keeper.setVerified(BOB, true);
    keeper.setVerified(BOB, false);
    keeper.addRead([read]);
    keeper.setRosterUpdate(UPDATE);
    keeper.setNews(news);
    keeper.seen(NOW);
    await keeper.stop();
    const sealed = Buffer.from((await store.setting('settings')) as Uint8Array).toString('latin1');
    expect(sealed).not.toContain('Countess');
    expect(sealed).not.toContain('dark');

    const again = await load();
    expect(again.settings).toEqual({ ...EMPTY_DOCUMENT.settings, theme: 'dark', readReceipts: true });
    expect([again.nickname(ADA), again.nickname(BOB)]).toEqual(['Countess', undefined]);
    expect([again.isVerified(ADA), again.isVerified(BOB)]).toEqual([true, false]);
    expect([...again.readMarks()]).toEqual([readMark(read)]);
    expect(again.rosterUpdate).toEqual(UPDATE);
    expect(again.news).toEqual(news);
    expect(problems).toEqual([]);
    again.setNickname(ADA, '');
    again.setNews(undefined);
    again.setRosterUpdate(undefined);
    await again.stop();
    const third = await load();
    expect([third.nickname(ADA), third.news, third.rosterUpdate]).toEqual([undefined, undefined, undefined]);
  });

  it('are written together after a second, and show at once', async () => {
    const { clock, load, seen, store } = bench;
    let writes = 0;
    const counting = {
      ...store,
      setSetting: (name: string, sealed: Uint8Array | undefined) => {
        writes++;
        return store.setSetting(name, sealed);
      },
    };
    const keeper = await load({ store: counting });
    keeper.setNickname(ADA, 'one');
    clock.pass(999);
    keeper.setNickname(ADA, 'two');
    expect([keeper.nickname(ADA), writes, seen.changes]).toEqual(['two', 0, 2]);
    clock.pass(1);
    await expect.poll(async () => (await load()).nickname(ADA), SOON).toBe('two');
    await keeper.stop();
    expect([writes, clock.waits]).toEqual([1, []]);
  });

  it('lose nothing that is chosen while an earlier change is being written', async () => {
    const writing = Promise.withResolvers<void>();
    let isWriting = false;
    const slow = {
      ...bench.store,
      setSetting: async (name: string, sealed: Uint8Array | undefined) => {
        isWriting = true;
        await writing.promise;
        await bench.store.setSetting(name, sealed);
      },
    };
    const keeper = await bench.load({ store: slow });
    keeper.seen(bench.clock.now());
    bench.clock.pass(1_000);
    await expect.poll(() => isWriting, SOON).toBe(true);
    keeper.change({ directCalls: true });
    writing.resolve();
    await expect.poll(() => bench.kept(), SOON).toBeDefined();
    bench.clock.pass(1_000);
    await keeper.stop();
    expect(keeper.settings.directCalls).toBe(true);
    expect((await bench.load()).settings.directCalls).toBe(true);
  });

  it('drop marks of what is too old to come again', async () => {
    const { clock, load } = bench;
    const keeper = await load();
    const [old, young] = [anyHash(), anyHash()];
    keeper.addRead([old]);
    clock.pass(133 * HOUR);
    keeper.addRead([young]);
    expect(keeper.readMarks()).toEqual(new Set([old, young].map(readMark)));
    clock.pass(HOUR);
    const third = anyHash();
    keeper.addRead([third, young]);
    expect(keeper.readMarks()).toEqual(new Set([young, third].map(readMark)));
    await keeper.stop();
    expect((await load()).readMarks().size).toBe(2);
  });

  it('know only the hour in which this member was here, and write it once an hour', async () => {
    const { kept, load, seen } = bench;
    const keeper = await load();
    keeper.seen(NOW_HOUR * HOUR + 1);
    const made = seen.changes;
    keeper.seen(NOW_HOUR * HOUR + HOUR - 1);
    keeper.seen(NOW_HOUR * HOUR - HOUR);
    await keeper.stop();
    expect([made, (await kept())?.seenHour]).toEqual([1, NOW_HOUR]);
    expect([keeper.isKnown, (await load()).isKnown]).toEqual([true, true]);
  });

  it('tell of an absence longer than messages live, until it is dismissed', async () => {
    const { clock, load } = bench;
    const keeper = await load();
    keeper.seen(NOW);
    await keeper.stop();
    clock.pass(NOW_HOUR * HOUR + 60 * HOUR - NOW);
    expect((await load()).absentSince).toBeUndefined();
    clock.pass(1);
    const again = await load();
    again.seen(clock.now());
    expect(again.absentSince).toBe(NOW_HOUR * HOUR);
    again.dismissAbsence();
    expect(again.absentSince).toBeUndefined();
  });
});
