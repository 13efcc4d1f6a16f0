const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The wire has room for so much of one (SPEC.md). Bytes of UTF-8. */
const MAX_BYTES = 32;

/** Whether a text is one emoji and nothing else. */
export function isOneEmoji(text: string): boolean {
  if ([...graphemes.segment(text)].length !== 1) return false;
  if (new TextEncoder().encode(text).length > MAX_BYTES) return false;
  return /\p{Extended_Pictographic}|^\p{Regional_Indicator}{2}$|^[\d#*]\ufe0f?\u20e3$/u.test(text);
}
