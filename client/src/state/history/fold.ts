/** Makes texts comparable, whatever their case and diacritics. */

/** A text without case and diacritics. */
export function fold(text: string): string {
  // Most texts, and quick: nothing of it folds but its case.
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return bare(text);
}

// Upper case first: it takes `ß` and the two small sigmas apart from what they look like.
function bare(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/**
 * Where the first of some words stands in a text.
 * @param words folded
 * @returns offsets in the text; both 0 when there is none
 */
export function locate(text: string, words: readonly string[]): { start: number; end: number } {
  const { folded, starts, ends } = mapped(text);
  const places = words.map((word) => ({ word, at: folded.indexOf(word) })).filter(({ at }) => at >= 0);
  const [first] = places.toSorted((a, b) => a.at - b.at || b.word.length - a.word.length);
  if (first === undefined) return { start: 0, end: 0 };
  return { start: starts[first.at] ?? 0, end: ends[first.at + first.word.length - 1] ?? text.length };
}

/** The folded text, and for each of its units where the character that it comes from begins and ends. */
function mapped(text: string): { folded: string; starts: number[]; ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  let folded = '';
  let offset = 0;
  for (const character of text) {
    const part = bare(character);
    offset += character.length;
    // A mark belongs to what it stands on.
    if (part === '' && ends.length > 0) ends[ends.length - 1] = offset;
    for (let i = 0; i < part.length; i++) {
      starts.push(offset - character.length);
      ends.push(offset);
    }
    folded += part;
  }
  return { folded, starts, ends };
}
