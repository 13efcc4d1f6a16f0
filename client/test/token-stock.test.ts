import { hex, RelayError } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { memoryLocalStore } from '../src/storage/local-store.ts';
import { TestClock } from './support/clock.ts';
import { fakeIssuer, locks, stockEdge } from './support/token-edge.ts';

const HOUR = 3_600_000;
const SOON = { timeout: 10_000 };

describe('a stock of tokens', () => {
  it('is drawn in whole batches at first contact, and gives tokens that hold', async () => {
    const { stock, issuer } = stockEdge({ pace: { batches: 2, topUpMinutes: 15 } });
    stock.connected();
    await expect.poll(() => stock.size, SOON).toBe(128);
    expect(issuer.drawn).toBe(2);
    expect(issuer.spend(await stock.take())).toBe(true);
    expect(stock.size).toBe(127);
  });

  it('is one batch where nothing is kept: what is left goes with the page', async () => {
    const { stock, issuer } = stockEdge({
      store: memoryLocalStore(),
      pace: { batches: 3, topUpMinutes: 15 },
    });
    stock.connected();
    await expect.poll(() => stock.size, SOON).toBe(64);
    await stock.stop();
    expect(issuer.drawn).toBe(1);
  });

  it('is topped up by whole batches, at times that do not follow sending', async () => {
    const { stock, issuer, clock } = stockEdge();
    stock.connected();
    await expect.poll(() => stock.size, SOON).toBe(64);
    const [before] = clock.waits;
    for (let i = 0; i < 64; i++) await stock.take();
    // Taking the last one neither draws nor moves the next look.
    expect([issuer.drawn, clock.waits[0]]).toEqual([1, before]);
    clock.pass(before as number);
    await expect.poll(() => stock.size, SOON).toBe(64);
    await stock.take();
    clock.pass(clock.waits[0] as number);
    clock.pass(clock.waits[0] as number);
    // One token less is no whole batch.
    expect([issuer.drawn, stock.size]).toEqual([2, 63]);
  });

  it('looks at times that follow an exponential law', async () => {
    const waits: number[] = [];
    const after = (ms: number) => {
      waits.push(ms);
      return () => {};
    };
    for (let i = 0; i < 400; i++) {
      const { stock } = stockEdge({ after, fetchKeys: async () => [] });
      stock.connected();
      await stock.stop();
    }
    const mean = waits.reduce((sum, ms) => sum + ms, 0) / waits.length / 60_000;
    const over = waits.filter((ms) => ms > 15 * 60_000).length / waits.length;
    // Six deviations of 400 exponential waits of 15 minutes, and of the share 1/e that is longer than their mean.
    expect(waits).toHaveLength(400);
    expect(Math.abs(mean - 15)).toBeLessThan((6 * 15) / 20);
    expect(Math.abs(over - Math.exp(-1))).toBeLessThan(6 * 0.0242);
  });

  it('of two windows is one: no token is taken twice, and one of them draws', async () => {
    const [store, issuer, exclusively] = [memoryLocalStore(), fakeIssuer(500_000), locks()];
    const [one, two] = [0, 1].map(() => stockEdge({ store, issuer, exclusively }).stock);
    one?.connected();
    two?.connected();
    const taken = await Promise.all(
      Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? one : two)?.take() as Promise<Uint8Array>),
    );
    expect(new Set(taken.map(hex)).size).toBe(60);
    expect(issuer.drawn).toBe(1);
    for (const token of taken) expect(issuer.spend(token)).toBe(true);
  });

  it('survives a reload, and a token that was taken does not come back', async () => {
    const [store, issuer] = [memoryLocalStore(), fakeIssuer(500_000)];
    const first = stockEdge({ store, issuer });
    const taken = await first.stock.take();
    await first.stock.stop();
    const second = stockEdge({ store, issuer });
    await second.stock.load();
    expect(second.stock.size).toBe(63);
    expect(second.stock.statement()).toEqual(first.stock.statement());
    for (let i = 0; i < 63; i++) expect(hex(await second.stock.take())).not.toBe(hex(taken));
    expect(issuer.drawn).toBe(1);
  });

  it('is kept as ciphertext, and not at all where nothing is to be kept', async () => {
    let keeps = true;
    const [store, issuer, exclusively] = [memoryLocalStore(), fakeIssuer(500_000), locks()];
    const windows = [0, 1].map(() => stockEdge({ store, issuer, exclusively, keeps: () => keeps }).stock);
    const [one, two] = windows as [(typeof windows)[0], (typeof windows)[0]];
    const token = hex(await one.take());
    const kept = hex((await store.setting('tokens')) as Uint8Array);
    expect(kept.length).toBeGreaterThan(2 * 63 * 100);
    expect(kept).not.toContain(token.slice(8, 40));
    await two.load();
    keeps = false;
    const taken = [await one.take(), await two.take(), await one.take(), await two.take()];
    expect(await store.setting('tokens')).toBeUndefined();
    // The second window could not tell which of the old ones the first one uses: it drew its own.
    expect([new Set(taken.map(hex)).size, issuer.drawn]).toEqual([4, 2]);
  });

  it('that is damaged is drawn anew', async () => {
    const { stock, store, issuer } = stockEdge();
    await store.setSetting('tokens', Uint8Array.of(1, 2, 3));
    expect(issuer.spend(await stock.take())).toBe(true);
  });

  it('in a store that keeps nothing works all the same', async () => {
    const broken = async () => {
      throw new Error('no room');
    };
    const store = { ...memoryLocalStore(), setting: broken, setSetting: broken };
    const { stock, issuer } = stockEdge({ store });
    for (let i = 0; i < 3; i++) expect(issuer.spend(await stock.take())).toBe(true);
    expect(issuer.drawn).toBe(1);
  });

  it('that is used up with the day’s allowance says so, asks no more for a while, and goes on', async () => {
    let isRefused = true;
    let asked = 0;
    const issuer = fakeIssuer(500_000);
    const clock = new TestClock();
    const draw = async (request: Uint8Array) => {
      asked++;
      if (isRefused) throw new RelayError('rate_limited', undefined, { retryAfter: 7_200 });
      return issuer.draw(request);
    };
    const { stock } = stockEdge({ issuer, draw, clock });
    for (let i = 0; i < 3; i++)
      await expect(stock.take()).rejects.toMatchObject({ code: 'tokens_exhausted', retryAfter: 7_200 });
    expect(asked).toBe(1);
    isRefused = false;
    clock.pass(HOUR);
    expect(issuer.spend(await stock.take())).toBe(true);
  });

  it('says what keeps it from the relay, and draws as soon as it can', async () => {
    let isAway = true;
    const issuer = fakeIssuer(500_000);
    const fetchKeys = async () => {
      if (isAway) throw new RelayError('relay_unreachable');
      return issuer.fetchKeys();
    };
    const { stock } = stockEdge({ issuer, fetchKeys });
    await expect(stock.take()).rejects.toMatchObject({ code: 'relay_unreachable' });
    isAway = false;
    expect(issuer.spend(await stock.take())).toBe(true);
  });

  it('drops what was drawn under a key that has ended, and draws under the new one', async () => {
    const { stock, issuer } = stockEdge();
    const old = await stock.take();
    issuer.roll(500_001);
    issuer.keys.splice(1);
    expect(() => issuer.spend(old)).toThrow('does not hold');
    await stock.refused(500_000);
    expect(stock.size).toBe(0);
    expect(issuer.spend(await stock.take())).toBe(true);
    expect(stock.statement()?.epoch).toBe(500_001);
  });

  it('spends on under an older key while it holds', async () => {
    const { stock, issuer } = stockEdge();
    await stock.take();
    issuer.roll(500_168);
    stock.connected();
    await expect.poll(() => stock.statement()?.epoch, SOON).toBe(500_168);
    expect(stock.size).toBe(63);
    expect(issuer.spend(await stock.take())).toBe(true);
    expect(issuer.drawn).toBe(1);
  });

  it('takes nothing of a relay that answers with another key than it shows, and says so', async () => {
    const [shown, tagging] = [fakeIssuer(500_000), fakeIssuer(500_000)];
    const { stock, told } = stockEdge({ issuer: shown, draw: tagging.draw });
    await expect(stock.take()).rejects.toMatchObject({ code: 'issuer_key' });
    expect(stock.size).toBe(0);
    expect(told.map(([{ code }]) => code)).toEqual(['issuer_key']);
  });

  it('takes nothing that was made with another key than the answer names', async () => {
    const [shown, tagging] = [fakeIssuer(500_000), fakeIssuer(500_000)];
    const { stock } = stockEdge({
      issuer: shown,
      draw: async (request) => ({
        ...(await tagging.draw(request)),
        publicKey: (shown.keys[0] as { publicKey: Uint8Array }).publicKey,
      }),
    });
    await expect(stock.take()).rejects.toMatchObject({ code: 'issuer_key' });
  });

  it('draws again when the key rolled between question and answer', async () => {
    const issuer = fakeIssuer(500_000);
    const draw = async (request: Uint8Array) => {
      if (issuer.drawn === 0) issuer.roll(500_168);
      return issuer.draw(request);
    };
    const { stock, told } = stockEdge({ issuer, draw });
    expect(issuer.spend(await stock.take())).toBe(true);
    expect(told).toEqual([]);
  });
});
