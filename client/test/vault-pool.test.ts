import { describe, expect, it } from 'vitest';
import type { VaultClient } from '../src/crypto/spawn.ts';
import { poolOf } from '../src/crypto/vault-pool.ts';

/** Vaults that only write down what they were asked, and finish `openMessage` when they are told. */
function vaults(count: number) {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const make = (number: number) =>
    ({
      open: async () => asked.push(`open ${number}`) && { number },
      close: async () => void asked.push(`close ${number}`),
      acceptRoster: async () => void asked.push(`acceptRoster ${number}`),
      sealNext: async () => void asked.push(`sealNext ${number}`),
      seal: async () => {
        asked.push(`seal ${number}`);
        throw new Error('full');
      },
      openMessage: (id: string) => {
        asked.push(`openMessage ${id} ${number}`);
        return new Promise<void>((resolve) => waiting.push(resolve));
      },
    }) as unknown as VaultClient;
  const [first, ...rest] = Array.from({ length: count }, (_, i) => make(i));
  return { asked, waiting, pool: poolOf([first as VaultClient, ...rest]) };
}

describe('a pool of vaults', () => {
  it('opens, closes and renews every one, and answers as the first', async () => {
    const { pool, asked } = vaults(3);
    expect(await pool.open(new Uint8Array())).toEqual({ number: 0 });
    await pool.acceptRoster(new Uint8Array());
    await pool.close();
    const expected = ['open', 'acceptRoster', 'close'].flatMap((name) =>
      [0, 1, 2].map((n) => `${name} ${n}`),
    );
    expect(asked).toEqual(expected);
  });

  it('gives a blob to whoever has least to do', async () => {
    const { pool, asked, waiting } = vaults(2);
    const all = ['a', 'b', 'c'].map((id) => pool.openMessage(id, new Uint8Array()));
    await Promise.resolve();
    expect(asked).toEqual(['openMessage a 0', 'openMessage b 1', 'openMessage c 0']);
    waiting[1]?.();
    await all[1];
    const last = pool.openMessage('d', new Uint8Array());
    await Promise.resolve();
    expect(asked.at(-1)).toBe('openMessage d 1');
    for (const done of waiting) done();
    await Promise.all([...all, last]);
  });

  it('counts what fails as done, and passes the fault on', async () => {
    const { pool, asked } = vaults(2);
    for (let i = 0; i < 3; i++) await expect(pool.seal('', 'message', [])).rejects.toThrow('full');
    expect(asked).toEqual(['seal 0', 'seal 0', 'seal 0']);
  });

  it('keeps what lasts over several calls with the first', async () => {
    const { pool, asked } = vaults(2);
    void pool.openMessage('a', new Uint8Array());
    await pool.sealNext(1, 16);
    expect(asked.at(-1)).toBe('sealNext 0');
  });

  it('is no promise itself', () => {
    expect(Reflect.get(vaults(1).pool, 'then')).toBeUndefined();
  });
});
