import { describe, expect, it } from 'vitest';
import { DEFAULT_SIZES, parseOptions, QUICK_SIZES, UsageError } from '../src/options.ts';

const KNOWN = ['one', 'two'];

describe('parseOptions', () => {
  it('has defaults, and smaller ones with --quick', () => {
    expect(parseOptions([], KNOWN)).toEqual({
      sizes: DEFAULT_SIZES,
      only: undefined,
      format: 'table',
      write: false,
      help: false,
    });
    expect(parseOptions(['--quick'], KNOWN).sizes).toEqual(QUICK_SIZES);
  });

  it('takes sizes, names and a format', () => {
    const options = parseOptions(
      ['--quick', '--rounds', '4', '--uploads=9', '--only', 'one', '--only', 'two', '--json', '--write'],
      KNOWN,
    );
    expect(options.sizes).toEqual({ ...QUICK_SIZES, rounds: 4, uploads: 9 });
    expect(options.only).toEqual(['one', 'two']);
    expect(options).toMatchObject({ format: 'json', write: true });
  });

  it.each([
    [['--only', 'three'], 'There is no measurement "three"; there are one, two.'],
    [['--rounds', '0'], '--rounds takes'],
    [['--rounds', 'many'], '--rounds takes'],
    [['--uploads', '1e9'], '--uploads takes'],
    [['--messages', '2000000'], '--messages takes'],
    [['--json', '--markdown'], 'Choose one'],
    [['--fast'], '--fast'],
    [['quick'], 'quick'],
  ])('refuses %j and says why', (args, words) => {
    expect(() => parseOptions(args, KNOWN)).toThrow(UsageError);
    expect(() => parseOptions(args, KNOWN)).toThrow(words);
  });
});
