import { describe, expect, it } from 'vitest';
import type { Contestant } from '../src/measurement.ts';
import { interleave, runMeasurement } from '../src/runner.ts';
import { createWorld } from '../src/system/world.ts';

const SIZES = {
  rounds: 2,
  uploads: 1,
  fetches: 1,
  operations: 1,
  messages: 1,
  mailbox: 2,
  fileMegabytes: 1,
  calls: 1,
};

describe('interleave', () => {
  it('runs everyone in every round by turns, and drops the first', async () => {
    const ran: string[] = [];
    const contestant = (name: string): Contestant => ({
      name,
      run: async () => ({ samples: [ran.push(name)] }),
    });
    const rounds = await interleave([contestant('a'), contestant('b')], 3);
    expect(ran.join('')).toBe('ab' + 'ba' + 'ab' + 'ba');
    expect(rounds).toEqual([
      [{ samples: [4] }, { samples: [3] }],
      [{ samples: [5] }, { samples: [6] }],
      [{ samples: [8] }, { samples: [7] }],
    ]);
  });
});

describe('runMeasurement', () => {
  const fixed = (name: string, sample: number): Contestant => ({
    name,
    run: async () => ({ samples: [sample], ...(name === 'floor' && { parts: { step: [sample] } }) }),
  });

  it('sums up subject and floors, and closes what was prepared', async () => {
    let closed = 0;
    const result = await runMeasurement(
      {
        name: 'sample',
        title: 'a sample',
        unit: 'ops/s',
        quantiles: [0.5],
        prepare: async () => ({
          subject: fixed('subject', 1),
          floors: [fixed('floor', 4)],
          close: async () => {
            closed++;
          },
        }),
      },
      createWorld(),
      SIZES,
      () => {},
    );
    expect(closed).toBe(1);
    expect(result).toEqual({
      name: 'sample',
      title: 'a sample',
      unit: 'ops/s',
      subject: 'subject',
      figures: [
        { quantile: 0.5, value: 1, floors: [{ name: 'floor', value: 4, speed: 0.25, range: [0.25, 0.25] }] },
      ],
      parts: { floor: { step: 4 } },
    });
  });

  it('closes when a trial fails', async () => {
    let closed = 0;
    const failing = { name: 'failing', run: () => Promise.reject(new Error('it broke')) };
    const prepare = async () => ({
      subject: failing,
      floors: [failing],
      close: async () => {
        closed++;
      },
    });
    const measurement = { name: 'x', title: 'x', unit: 'ms' as const, quantiles: [0.5], prepare };
    await expect(runMeasurement(measurement, createWorld(), SIZES, () => {})).rejects.toThrow('it broke');
    expect(closed).toBe(1);
  });
});
