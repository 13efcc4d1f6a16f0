import { isLabel } from '@relay/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nicknameOf } from '../src/state/settings/nickname.ts';

it.each([
  ['  Ada  ', 'Ada'],
  ['\u202eAda\u2066\n', 'Ada'],
  [' \u200e ', ''],
  ['', ''],
  ['Zoë 🌻', 'Zoë 🌻'],
  ['x'.repeat(70), 'x'.repeat(64)],
  ['ä'.repeat(40), 'ä'.repeat(32)],
  [`${'x'.repeat(50)}👩‍👩‍👧‍👦`, 'x'.repeat(50)],
  [`${'x'.repeat(63)} y`, 'x'.repeat(63)],
])('keeps of the nickname %j what is fit to be one', (text, kept) => {
  expect(nicknameOf(text)).toBe(kept);
});

it('leaves nothing that could not be a label, and changes nothing twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const kept = nicknameOf(text);
      return (kept === '' || isLabel(kept)) && nicknameOf(kept) === kept;
    }),
  );
});
