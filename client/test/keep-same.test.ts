import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepSame } from '../src/state/keep-same.ts';

describe('a new state made of the one before', () => {
  it('is the one before where nothing has changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before = structuredClone(value);
        expect(keepSame(before, structuredClone(value))).toBe(before);
      }),
    );
  });

  it('is always equal to the new one', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        expect(keepSame(before, structuredClone(after))).toEqual(after);
      }),
    );
  });

  it('keeps the parts that have not changed, and only those', () => {
    const before = { level: 0.1, people: [{ id: 'a' }, { id: 'b' }], devices: { microphones: ['m'] } };
    const after = structuredClone(before);
    after.level = 0.2;
    after.people[1] = { id: 'c' };
    const kept = keepSame(before, after);
    expect(kept).toEqual(after);
    expect(kept.devices).toBe(before.devices);
    expect(kept.people[0]).toBe(before.people[0]);
    expect(kept.people[1]).not.toBe(before.people[1]);
  });

  it('tells what is absent from what is undefined, and fewer from more', () => {
    expect(keepSame({ a: undefined }, { b: undefined })).toHaveProperty('b');
    expect(Object.keys(keepSame({}, { ['__proto__']: [] }))).toEqual(['__proto__']);
    expect(Object.keys(keepSame({ a: 1, b: 2 }, { a: 1 }))).toEqual(['a']);
    expect(keepSame([1, 2], [1])).toEqual([1]);
  });

  it('takes what is no plain object as it is', () => {
    class Stream {
      id = 1;
    }
    const stream = new Stream();
    expect(keepSame({ stream: new Stream() }, { stream }).stream).toBe(stream);
  });
});
