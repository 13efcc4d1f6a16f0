import { isLabel } from '@relay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberedLabels, parseLabels } from '../src/files/labels.ts';

test('numbered labels', () => {
  expect(numberedLabels(3)).toEqual(['Member 01', 'Member 02', 'Member 03']);
  expect(numberedLabels(32).every(isLabel)).toBe(true);
});

test.each([
  ['lines', 'Ana\nBo\n'],
  ['CRLF, blank lines and spaces', '\r\n  Ana\r\n\r\nBo  \r\n\r\n'],
  ['no newline at the end', 'Ana\nBo'],
])('%s', (_, text) => {
  expect(parseLabels(text)).toEqual(['Ana', 'Bo']);
  expect(parseLabels(text, 2)).toEqual(['Ana', 'Bo']);
});

test.each([
  ['too few', 'Ana\n', undefined, 'There are 1 labels'],
  ['none', '\n\n', undefined, 'There are 0 labels'],
  ['too many', numberedLabels(33).join('\n'), undefined, 'There are 33 labels'],
  ['another count', 'Ana\nBo\n', 3, '--count says 3'],
  ['one that is too long', `Ana\n${'é'.repeat(33)}\n`, undefined, 'Line 2'],
  ['a control character', 'Ana\nB\u001bo\n', undefined, 'Line 2'],
  ['one twice', 'Ana\nBo\n\nAna\n', undefined, 'Line 4 of the labels repeats “Ana”'],
])('refuses %s', (_, text, count, message) => {
  expect(() => parseLabels(text, count)).toThrow(
    expect.objectContaining({ code: 'labels_invalid', message: expect.stringContaining(message) }),
  );
});

test('whatever a text holds, every label that comes out is one', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 40 }), (lines) => {
      try {
        const labels = parseLabels(lines.join('\n'));
        expect(labels.every(isLabel)).toBe(true);
        expect(new Set(labels).size).toBe(labels.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'labels_invalid' });
      }
    }),
  );
});
